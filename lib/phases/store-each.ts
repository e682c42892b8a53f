import { isDataFault } from "../database/faults/faults.ts";

/**
 * Stores items together. When the server refuses the data of one of them, the rest is stored all the same: halves of
 * halves are tried until the one stands alone; it is handed to `refuse` with the server's word.
 */
export async function storeEach<T>(
  items: readonly T[],
  store: (some: readonly T[]) => Promise<void>,
  refuse: (item: T, reason: string) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await store(items);
  } catch (error) {
    if (!isDataFault(error)) throw error;
    const [first] = items;
    if (items.length === 1) return await refuse(first!, `cannot be stored: ${(error as Error).message}`);
    const half = items.length >> 1;
    await storeEach(items.slice(0, half), store, refuse);
    await storeEach(items.slice(half), store, refuse);
  }
}

/** Keeps the answers to the last `most` questions. An answer that failed is not kept. */
export function recent<T extends Promise<unknown>>(most: number): (question: string, answer: () => T) => T {
  const kept = new Map<string, T>();
  return (question, answer) => {
    const found = kept.get(question) ?? answer();
    kept.delete(question);
    kept.set(question, found);
    found.catch(() => {
      if (kept.get(question) === found) kept.delete(question);
    });
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    return found;
  };
}

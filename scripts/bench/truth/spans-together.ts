interface Span {
  readonly from: number;
  readonly to: number;
}

/** Calls `each` with every two spans that overlap and for how long; both lists rise and do not overlap in themselves. */
export function spansTogether<A extends Span, B extends Span>(
  some: readonly A[],
  others: readonly B[],
  each: (one: A, other: B, seconds: number) => void,
): void {
  for (let a = 0, b = 0; a < some.length && b < others.length; ) {
    const [one, other] = [some[a]!, others[b]!];
    const seconds = Math.min(one.to, other.to) - Math.max(one.from, other.from);
    if (seconds > 0) each(one, other, seconds);
    if (one.to <= other.to) a++;
    else b++;
  }
}

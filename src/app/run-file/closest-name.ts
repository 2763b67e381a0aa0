/** Words further apart than this share of their length are not taken for a slip. */
const DISTANCE_SHARE_MAX = 0.4;

/** The known word that a mistyped one most likely means, or null. */
export function closestName(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(candidate.length * DISTANCE_SHARE_MAX))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "fast"?`, or the words there are. */
export function suggestion(word: string, known: readonly string[]): string {
  const closest = closestName(word, known);
  if (closest !== null) return `Did you mean "${closest}"?`;
  return known.length === 0 ? 'Take it out.' : `Take one of ${known.join(', ')}.`;
}

/** Levenshtein distance with swapped neighbors counted once (optimal string alignment). */
function editDistance(first: string, second: string): number {
  const rows: number[][] = Array.from({ length: first.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= second.length; j += 1) rows[0]![j] = j;
  for (let i = 1; i <= first.length; i += 1) {
    for (let j = 1; j <= second.length; j += 1) {
      const cost = first[i - 1] === second[j - 1] ? 0 : 1;
      let distance = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1])
        distance = Math.min(distance, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = distance;
    }
  }
  return rows[first.length]![second.length]!;
}

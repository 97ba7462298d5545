/** Returns a count with its noun: `1 fault`, `2 faults`. English and German have the same two forms. */
export const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

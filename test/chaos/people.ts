/** The people of a run: who they are to each source. */

/** Somebody, by number. */
export interface Character {
  number: number;
  email: string;
  /** The address that a rename gives them. */
  newEmail: string;
  /** What the sender of signed webhooks calls them. */
  webhookId: string;
  /** Their number in the HR system; `null` where it does not know them. */
  employeeId: string | null;
}

/** Everybody; every second one is known to the HR system. */
export function charactersOf(count: number): Character[] {
  return Array.from({ length: count }, (_, number) => ({
    number,
    email: `p${number}@paper.example`,
    newEmail: `p${number}.new@paper.example`,
    webhookId: `W${number}`,
    employeeId: number % 2 === 0 ? String(1000 + number) : null,
  }));
}

/** Whose address it is. */
export function numberOf(email: string): number {
  return Number(/^p(\d+)(?:\.new)?@/.exec(email)?.[1] ?? -1);
}

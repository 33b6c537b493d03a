/** The oracle's calendar: slow and obvious, out of DESIGN rule 2 and nothing else. */

const MINUTE = 60_000;
const known = new Map<string, number>();

/** The first instant that a clock on the wall of the zone shows this day or, where the day was skipped, a later one. */
export function dayBegins(day: string, zone: string): number {
  const key = `${day} ${zone}`;
  const found = known.get(key) ?? search(day, zone);
  known.set(key, found);
  return found;
}

function search(day: string, zone: string): number {
  const wall = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  let at = Date.parse(`${day}T00:00:00Z`) - 16 * 60 * MINUTE;
  while (wall.format(at) < day) at += 15 * MINUTE;
  return at;
}

/** The day after. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * MINUTE).toISOString().slice(0, 10);
}

/** An instant, or a date read in a zone: its first instant, or for an end the first of the next day. */
export function comesIntoForce(text: string, zone: string, isEnd: boolean): number {
  if (text.includes('T')) return Date.parse(text);
  return dayBegins(isEnd ? dayAfter(text) : text, zone);
}

/**
 * How long an answer asks us to wait, in seconds, never negative; `undefined` where it does not say or cannot be read.
 * A date is measured against the answer's own `Date` header, since their clock need not agree with ours; `now` is for answers without one.
 * Not capped. Source: RFC 9110 §10.2.3.
 */
export function retryAfterSeconds(
  header: string | undefined,
  date: string | undefined,
  now?: Date,
): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const until = httpDate(value);
  const since = httpDate(date ?? '') ?? now?.getTime();
  if (until === undefined || since === undefined) return undefined;
  return Math.max(0, Math.ceil((until - since) / 1000));
}

function httpDate(value: string): number | undefined {
  const isHttpDate = /^[A-Z][a-z]+, .+ GMT$/.test(value);
  const milliseconds = isHttpDate ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

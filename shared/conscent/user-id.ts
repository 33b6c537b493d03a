const ID_MEMBERS = ['userId', '_id', 'id'];
/** The nouns Conscent's other endpoints wrap their objects in; the create call documents none. */
const NAMED_WRAPPERS = ['user', 'data', 'userData'];

/** A user id and the JSON path it was found at, such as `user._id`. */
export interface FoundUserId {
  userId: string;
  where: string;
}

/**
 * Looks for the id of the new user in a 201's body: at the top, else one level deep under a known noun, else in the only
 * other object that carries one. Two objects that could both be meant yield nothing: a wrong id is worse than none.
 */
export function findUserId(body: unknown): FoundUserId | undefined {
  if (!isObject(body)) return undefined;
  return directly(body, '') ?? named(body) ?? onlyOther(body);
}

function directly(object: Record<string, unknown>, path: string): FoundUserId | undefined {
  for (const member of ID_MEMBERS) {
    const userId = idText(object[member]);
    if (userId !== undefined) return { userId, where: `${path}${member}` };
  }
  return undefined;
}

function named(body: Record<string, unknown>): FoundUserId | undefined {
  return NAMED_WRAPPERS.flatMap((name) => under(body, name))[0];
}

function onlyOther(body: Record<string, unknown>): FoundUserId | undefined {
  const found = Object.keys(body).flatMap((name) => under(body, name));
  return found.length === 1 ? found[0] : undefined;
}

function under(body: Record<string, unknown>, name: string): FoundUserId[] {
  const nested = body[name];
  const found = isObject(nested) ? directly(nested, `${name}.`) : undefined;
  return found ? [found] : [];
}

/** Numbers beyond 2^53 have already lost digits in parsing and would name somebody else. */
function idText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && isUserId(value) ? value : undefined;
}

/** A user id goes into a path: an empty one would name the collection, and dots are path segments however they are encoded. */
export function isUserId(value: string): boolean {
  return value.trim() !== '' && value !== '.' && value !== '..' && value.length <= 256 && value.isWellFormed();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

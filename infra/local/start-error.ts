/** What keeps the stack from starting and a person can put right: said in one line, without a stack trace. */
export class StartError extends Error {
  override name = 'StartError';
}

declare module '*.yml' {
  const value: unknown;
  export default value;
  /** The instant at which the file was bundled, or read where nothing bundles. */
  export const builtAt: string;
}

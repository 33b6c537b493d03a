declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** dynalite ships no types; these are the options that we use. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}

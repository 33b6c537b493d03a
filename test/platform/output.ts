/** Listens to everything a piece of code writes: streams and console alike. */
import { vi } from 'vitest';

type Method = 'log' | 'info' | 'warn' | 'error' | 'debug';

/** Runs a piece of code and answers what it wrote. */
export function written(work: () => void): string {
  const texts: string[] = [];
  const keep = (...parts: unknown[]) => void texts.push(parts.map(String).join(' '));
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      keep(text);
      return true;
    }),
  );
  const methods: Method[] = ['log', 'info', 'warn', 'error', 'debug'];
  const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(keep));
  try {
    work();
  } finally {
    for (const spy of [...streams, ...spies]) spy.mockRestore();
  }
  return texts.join('\n');
}

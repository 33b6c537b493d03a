const WIDTH = 30;

/** Shows how far an import is: a bar that is drawn over itself on a terminal, else a line at a time. */
export interface Progress {
  /** @param done how many of all. */
  show(done: number): void;
  /** Prints a line that stays. */
  print(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** @param total how many there are. */
export function progressOf(total: number, write: (text: string) => void, isTerminal: boolean): Progress {
  if (!isTerminal) {
    return { show: (done) => write(`${done} of ${total}\n`), print: (line) => write(`${line}\n`), end: () => {} };
  }
  let bar = '';
  // Back to the start of the line, and clear it.
  const clear = () => write('\r\u001b[K');
  return {
    show: (done) => {
      const filled = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
      bar = `[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}] ${done} of ${total}`;
      clear();
      write(bar);
    },
    print: (line) => {
      clear();
      write(`${line}\n${bar}`);
    },
    end: clear,
  };
}

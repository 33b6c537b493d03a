/** Effects that happen after their request was given up on: a slow call that lands late. */
export interface LateEffects {
  /** Without `afterMs` it waits for `land()`. */
  add(effect: () => unknown, afterMs: number | undefined): void;
  /** Lets all that wait happen now, oldest first; answers how many. */
  land(): number;
  /** They never happen. */
  clear(): void;
}

export function createLateEffects(): LateEffects {
  const waiting = new Map<() => unknown, NodeJS.Timeout | undefined>();
  const land = (effect: () => unknown) => {
    clearTimeout(waiting.get(effect));
    if (waiting.delete(effect)) effect();
  };
  return {
    add(effect, afterMs) {
      waiting.set(effect, afterMs === undefined ? undefined : setTimeout(() => land(effect), afterMs));
    },
    land() {
      const effects = [...waiting.keys()];
      effects.forEach(land);
      return effects.length;
    },
    clear() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

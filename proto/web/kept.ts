// A small thing that the browser keeps for this person. Where it keeps nothing (a private window, a policy), the page
// works all the same.
export interface Kept {
  read(): string | null;
  write(value: string): void;
}

export function kept(key: string): Kept {
  return {
    read() {
      try {
        return globalThis.localStorage?.getItem(key) ?? null;
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        globalThis.localStorage?.setItem(key, value);
      } catch {
        // Nothing is kept.
      }
    },
  };
}

// The command line of the programs beside the tests: "--name value" and words.
export class Options {
  readonly words: string[] = [];
  private readonly named = new Map<string, string>();

  constructor(known: readonly string[], usage: string, argv: readonly string[] = process.argv.slice(2)) {
    for (let n = 0; n < argv.length; ++n) {
      const word = argv[n] ?? '';
      if (!word.startsWith('--')) {
        this.words.push(word);
        continue;
      }
      const value = argv[++n];
      if (!known.includes(word.slice(2)) || value === undefined) {
        console.error(usage);
        process.exit(word === '--help' ? 0 : 64);
      }
      this.named.set(word.slice(2), value);
    }
  }

  text(name: string, otherwise: string): string {
    return this.named.get(name) ?? otherwise;
  }
  number(name: string, otherwise: number): number {
    const value = Number(this.named.get(name) ?? otherwise);
    if (Number.isFinite(value)) return value;
    console.error(`--${name} takes a number`);
    process.exit(64);
  }
  list(name: string, otherwise: readonly string[]): string[] {
    return this.named.get(name)?.split(',') ?? [...otherwise];
  }
}

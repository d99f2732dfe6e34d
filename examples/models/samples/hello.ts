// Greetings in several languages, picked by the visitor's locale.
export type Locale = "en" | "de" | "fr";

export interface Visitor {
  readonly name: string;
  locale?: Locale;
  visits: number;
}

const words: Record<Locale, string> = {
  en: "Hello",
  de: "Guten Tag",
  fr: "Bonjour",
};

export class Greeter<T extends Visitor> {
  private seen = new Map<string, T>();

  constructor(private readonly fallback: Locale = "en") {}

  greet(visitor: T): string {
    const locale: Locale = visitor.locale ?? this.fallback;
    this.seen.set(visitor.name, visitor);
    return `${words[locale]}, ${visitor.name}!`;
  }

  get total(): number {
    return [...this.seen.values()].reduce((sum: number, v: T) => sum + v.visits, 0);
  }
}

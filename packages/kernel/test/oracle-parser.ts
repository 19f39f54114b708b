/** JSON as RFC 8259 says it, read by the letter: recursive, over strings, without JSON.parse. */
import type { QuarantineReason } from '../src/reasons.ts';

export interface Value {
  readonly type: 'null' | 'boolean' | 'number' | 'string' | 'object' | 'array';
  readonly raw: string;
  /** Of a string: escapes resolved. */
  readonly text: string;
  /** Of an object. */
  readonly members?: readonly Member[];
  /** Of an array. */
  readonly elements?: readonly Value[];
}

export interface Member {
  readonly key: Value;
  readonly value: Value;
}

export class Fault extends Error {
  readonly reason: QuarantineReason;
  constructor(reason: QuarantineReason) {
    super(reason);
    this.reason = reason;
  }
}

/** For the keys of one object: the second one of a text is a fault. */
export function refuseAgain(): (key: Value) => void {
  const keys = new Set<string>();
  return ({ text }) => {
    if (keys.has(text)) throw new Fault('duplicate-key');
    keys.add(text);
  };
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

export class Parser {
  readonly text: string;
  at = 0;
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  fault(reason: QuarantineReason): never {
    throw new Fault(this.at >= this.text.length ? 'unexpected-end' : reason);
  }

  peek(): string {
    return this.text[this.at] ?? '';
  }

  space(): void {
    while (this.at < this.text.length && ' \t\r'.includes(this.peek())) this.at++;
  }

  expect(character: string, reason: QuarantineReason): void {
    if (this.peek() !== character) this.fault(reason);
    this.at++;
  }

  hex(): number | undefined {
    const digits = /^[0-9a-fA-F]{4}/.exec(this.text.slice(this.at, this.at + 4));
    return digits ? parseInt(digits[0], 16) : undefined;
  }

  escape(): string {
    const start = this.at;
    const letter = this.text[start + 1] ?? '';
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.at += 2;
      return simple;
    }
    const wrong = (reason: QuarantineReason): never => {
      this.at = start;
      return this.fault(reason);
    };
    if (letter !== 'u') return wrong('invalid-escape');
    this.at += 2;
    const first = this.hex() ?? wrong('invalid-escape');
    this.at += 4;
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    if (first > 0xdbff || !this.text.startsWith('\\u', this.at)) return wrong('lone-surrogate');
    this.at += 2;
    const second = this.hex() ?? 0;
    this.at += 4;
    if (second < 0xdc00 || second > 0xdfff) return wrong('lone-surrogate');
    return String.fromCharCode(first, second);
  }

  string(): Value {
    const start = this.at++;
    let text = '';
    while (this.peek() !== '"') {
      if (this.at >= this.text.length || this.peek() < ' ') this.fault('control-character');
      if (this.peek() === '\\') text += this.escape();
      else text += this.text[this.at++] ?? '';
    }
    this.at++;
    return { type: 'string', raw: this.text.slice(start, this.at), text };
  }

  digits(): void {
    if (!/^\d$/.test(this.peek())) this.fault('invalid-number');
    while (/^\d$/.test(this.peek())) this.at++;
  }

  number(): Value {
    const start = this.at;
    if (this.peek() === '-') this.at++;
    if (this.peek() === '0') {
      this.at++;
      if (/^\d$/.test(this.peek())) this.fault('invalid-number');
    } else this.digits();
    if (this.peek() === '.') {
      this.at++;
      this.digits();
    }
    if (this.peek() === 'e' || this.peek() === 'E') {
      this.at++;
      if (this.peek() === '+' || this.peek() === '-') this.at++;
      this.digits();
    }
    return { type: 'number', raw: this.text.slice(start, this.at), text: '' };
  }

  member(seen: (key: Value) => void): Member {
    if (this.peek() !== '"') this.fault('expected-key');
    const key = this.string();
    this.space();
    this.expect(':', 'expected-colon');
    seen(key);
    this.space();
    return { key, value: this.value() };
  }

  list(close: string, element: () => void): void {
    if (this.depth === 1024) this.fault('too-deep');
    this.depth++;
    this.at++;
    this.space();
    if (this.peek() !== close) {
      element();
      this.space();
      while (this.peek() === ',') {
        this.at++;
        this.space();
        element();
        this.space();
      }
    }
    this.expect(close, 'expected-comma');
    this.depth--;
  }

  value(): Value {
    const start = this.at;
    const rest = (type: Value['type']): Value => ({ type, raw: this.text.slice(start, this.at), text: '' });
    const first = this.peek();
    if (first === '"') return this.string();
    if (first === '{') {
      const members: Member[] = [];
      const seen = refuseAgain();
      this.list('}', () => void members.push(this.member(seen)));
      return { ...rest('object'), members };
    }
    if (first === '[') {
      const elements: Value[] = [];
      this.list(']', () => void elements.push(this.value()));
      return { ...rest('array'), elements };
    }
    for (const literal of ['true', 'false', 'null']) {
      if (!this.text.startsWith(literal, this.at)) continue;
      this.at += literal.length;
      return rest(literal === 'null' ? 'null' : 'boolean');
    }
    if (!/^[-\d]$/.test(first)) this.fault('invalid-value');
    return this.number();
  }
}

// What an authenticator on a telephone does: RFC 6238 with SHA-1, 6 digits, 30 s, from the secret as people type it.
import { createHmac } from 'node:crypto';

const stepMs = 30_000;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/[\s=]/g, '').toUpperCase()].map((letter) => {
    const at = letters.indexOf(letter);
    if (at < 0) throw new Error(`"${letter}" is not of base32`);
    return at.toString(2).padStart(5, '0');
  }).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Each code is good once, and so is one of the half minute before and after: nobody waits for the next one. */
export class Authenticator {
  private last = 0;
  constructor(private readonly secret: string) {}

  next(): string {
    this.last = Math.max(this.last + 1, Math.floor(Date.now() / stepMs) - 1);
    return totpCode(this.secret, this.last);
  }
  /** Of another time altogether. */
  wrong(): string {
    return totpCode(this.secret, Math.floor(Date.now() / stepMs) + 2000);
  }
}

// Leaves the sites out of an update before it is read: a page that lists sessions shows none of them, and in a city they are
// half a megabyte. Pure.
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { ViewUpdateSchema } from '@messages/view_pb';

export function withoutSites(update: Uint8Array): Uint8Array {
  const sites = ViewUpdateSchema.field.sites.number;
  const reader = new BinaryReader(update);
  const kept: Uint8Array[] = [];
  let size = 0;
  while (reader.pos < reader.len) {
    const from = reader.pos;
    const [field, wire] = reader.tag();
    reader.skip(wire, field);
    if (field === sites) continue;
    kept.push(update.subarray(from, reader.pos));
    size += reader.pos - from;
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const one of kept) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

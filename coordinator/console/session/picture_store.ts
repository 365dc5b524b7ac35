// The newest picture of each site, as addresses that an <img> takes.
import type { SiteThumbnail } from '@messages/history_pb';
import { millis } from '@web/times';

export interface Picture {
  url: string;
  arrivedMs: number;
}

/** The newest pictures by site; what was replaced is given back to the browser. */
export class Pictures {
  readonly bySite = new Map<string, Picture>();
  newestUs = 0n;

  take(list: readonly SiteThumbnail[], newestUs: bigint): void {
    for (const one of list) {
      const jpeg = one.thumbnail?.jpeg;
      if (jpeg === undefined || jpeg.length === 0) continue;
      this.drop(one.siteId);
      const url = URL.createObjectURL(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }));
      this.bySite.set(one.siteId, { url, arrivedMs: millis(one.arrivedUs) });
    }
    if (newestUs > this.newestUs) this.newestUs = newestUs;
  }

  drop(site: string): void {
    const known = this.bySite.get(site);
    if (known !== undefined) URL.revokeObjectURL(known.url);
    this.bySite.delete(site);
  }

  clear(): void {
    for (const site of [...this.bySite.keys()]) this.drop(site);
  }
}

// Reads a QR code of a page, as a telephone would.
import jsQR from 'jsqr';
import type { Page } from 'playwright-core';

// CommonJS, whose default is the function or holds it.
const decodeQr = (jsQR as unknown as { default?: typeof jsQR }).default ?? jsQR;

/** What is in it, or nothing. */
export async function readQr(page: Page, selector: string): Promise<string> {
  const rows = await page.locator(selector).evaluate((svg) => {
    const width = Number(svg.getAttribute('viewBox')?.split(' ')[2]);
    const dark = (svg.querySelector('path')?.getAttribute('d') ?? '').matchAll(/M(\d+) (\d+)/g);
    return { width, dark: [...dark].map((found) => [Number(found[1]), Number(found[2])] as const) };
  });
  const scale = 4;
  const size = rows.width * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [x, y] of rows.dark)
    for (let i = 0; i < scale * scale; ++i)
      pixels.fill(0, ((y * scale + Math.floor(i / scale)) * size + x * scale + (i % scale)) * 4,
        ((y * scale + Math.floor(i / scale)) * size + x * scale + (i % scale)) * 4 + 3);
  return decodeQr(pixels, size, size)?.data ?? '';
}

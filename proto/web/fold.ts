// Folding for search: "dong da" finds "Đống Đa". The same as the coordinator's own folding.
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
}

/** Whether each word of the query is in the text, in any order. An empty query is in everything. */
export function finds(folded: string, query: string): boolean {
  return fold(query)
    .split(/\s+/)
    .every((word) => word === '' || folded.includes(word));
}

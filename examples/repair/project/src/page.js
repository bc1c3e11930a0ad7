/** One page of a list; the first page is 1. */
export function paginate(items, page, size) {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const first = page * size;
  const last = first + size - 1;
  return { items: items.slice(first, last), page, pages, hasNext: page < pages, hasPrevious: page > 1 };
}

/** The page numbers to offer around the current one: at most `width` of them. */
export function pageWindow(page, pages, width) {
  const before = Math.floor(width / 2);
  const start = Math.max(1, Math.min(page - before, pages - width + 1));
  const end = Math.min(pages, start + width - 1);
  return Array.from({ length: end - start + 1 }, (_, index) => start + index);
}

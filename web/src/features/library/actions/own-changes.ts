/** The changes that this tab asked for: their events tell it nothing new. */
const MOST = 50;
const own = new Set<string>();

export function noteOwn(id: string | null | undefined): void {
  if (!id) return;
  own.add(id);
  const [oldest] = own;
  if (own.size > MOST && oldest) own.delete(oldest);
}

export const isOwn = (id: string): boolean => own.has(id);

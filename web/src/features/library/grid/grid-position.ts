/** Where the reader was in a grid when a picture was opened, to come back to; and what was looked at since. */
type Position = { historyIndex: number; scrollY: number; imageId: string };

let left: Position | null = null;

/** A picture is opened from the history entry `historyIndex`. */
export function leaveGrid(historyIndex: number, imageId: string): void {
  left = { historyIndex, scrollY, imageId };
}

/** The picture in view is another one now. */
export function lookAt(historyIndex: number, imageId: string): void {
  if (left?.historyIndex === historyIndex - 1) left = { ...left, imageId };
}

/** The position, for the history entry that it was left from. */
export function returnToGrid(historyIndex: number): Position | null {
  return left?.historyIndex === historyIndex ? left : null;
}

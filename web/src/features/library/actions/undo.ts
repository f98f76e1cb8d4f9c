/** What was done last in this tab, to be taken back by a key or by the button of its notice. */
export type Step = () => Promise<void>;

const MOST = 30;
const steps: Step[] = [];

export function pushUndo(step: Step): void {
  steps.push(step);
  if (steps.length > MOST) steps.shift();
}

/** Takes back this step, or the last one; false where there is none, or it is taken back already. */
export async function undo(step: Step | undefined = steps.at(-1)): Promise<boolean> {
  const at = step ? steps.lastIndexOf(step) : -1;
  if (!step || at < 0) return false;
  steps.splice(at, 1);
  await step();
  return true;
}

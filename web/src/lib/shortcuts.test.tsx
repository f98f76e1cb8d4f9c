import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useShortcuts } from "./shortcuts";

function Page({ onGo, onSend }: { onGo: () => void; onSend: () => void }) {
  useShortcuts({ "g i": onGo, "mod+enter": onSend });
  return <input aria-label="Prompt" />;
}

it("hears sequences and chords, and leaves typing alone", async () => {
  const user = userEvent.setup();
  const [onGo, onSend] = [vi.fn(), vi.fn()];
  render(<Page onGo={onGo} onSend={onSend} />);
  await user.keyboard("gi");
  expect(onGo).toHaveBeenCalledOnce();
  await user.type(screen.getByLabelText("Prompt"), "giraffe");
  expect(onGo).toHaveBeenCalledOnce();
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(onSend).toHaveBeenCalledOnce();
});

import { expect, it, vi } from "vitest";
import { type Gestures, listenToGestures } from "./gestures";

function setUp(zoomed = false) {
  const stage = document.createElement("div");
  stage.setPointerCapture = () => {};
  const gestures = {
    zoomed: () => zoomed,
    view: () => ({ scale: 1, x: 0, y: 0 }),
    show: vi.fn(),
    zoomBy: vi.fn(),
    toggle: vi.fn(),
    drag: vi.fn(),
    drop: vi.fn(),
  } satisfies Gestures;
  const stop = listenToGestures(stage, () => gestures);
  const send = (type: string, pointerType: string, pointerId: number, x: number, y = 0) => {
    const event = new MouseEvent(type, { clientX: x, clientY: y });
    stage.dispatchEvent(Object.assign(event, { pointerId, pointerType }));
  };
  return { stage, gestures, stop, send };
}

it("swipes with a finger while all of the picture shows", () => {
  const { gestures, send } = setUp();
  send("pointerdown", "touch", 1, 200);
  send("pointermove", "touch", 1, 60);
  expect(gestures.drag).toHaveBeenLastCalledWith(-140);
  send("pointerup", "touch", 1, 60);
  expect(gestures.drop).toHaveBeenCalledWith("next");
});

it("does not swipe with a mouse, and pans once it is zoomed", () => {
  const fitted = setUp();
  fitted.send("pointerdown", "mouse", 1, 200);
  fitted.send("pointermove", "mouse", 1, 60);
  expect(fitted.gestures.drag).not.toHaveBeenCalled();
  const zoomed = setUp(true);
  zoomed.send("pointerdown", "mouse", 1, 200);
  zoomed.send("pointermove", "mouse", 1, 260, 15);
  expect(zoomed.gestures.show).toHaveBeenLastCalledWith({ scale: 1, x: 60, y: 15 });
});

it("zooms with two fingers", () => {
  const { gestures, send } = setUp();
  send("pointerdown", "touch", 1, -50);
  send("pointerdown", "touch", 2, 50);
  send("pointermove", "touch", 1, -150);
  expect(gestures.show.mock.lastCall?.[0].scale).toBe(2);
});

it("takes a second tap for a double tap, and the browser's double click of fingers for nothing", () => {
  const { gestures, send } = setUp();
  for (let tap = 0; tap < 2; tap += 1) {
    send("pointerdown", "touch", 1, 10);
    send("pointerup", "touch", 1, 10);
  }
  send("dblclick", "touch", 1, 10);
  expect(gestures.toggle).toHaveBeenCalledTimes(1);
});

it("zooms with the wheel and a double click, until it is told to stop", () => {
  const { stage, gestures, stop, send } = setUp();
  send("pointerdown", "mouse", 1, 10);
  send("dblclick", "mouse", 1, 10);
  expect(gestures.toggle).toHaveBeenCalledTimes(1);
  stage.dispatchEvent(new WheelEvent("wheel", { deltaY: -100, cancelable: true }));
  expect(gestures.zoomBy.mock.lastCall?.[0]).toBeGreaterThan(1);
  stop();
  stage.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 }));
  expect(gestures.zoomBy).toHaveBeenCalledTimes(1);
});

/** Strokes across a box: nothing is known there. Units are those of the canvas; `scale` is how many make a pixel of the page. */
export function hatch(
  context: CanvasRenderingContext2D,
  box: { x: number; y: number; width: number; height: number },
  { colour, scale }: { colour: string; scale: number },
): void {
  const { x, y, width, height } = box
  context.save()
  context.beginPath()
  context.rect(x, y, width, height)
  context.clip()
  context.beginPath()
  const step = 7 * scale
  // Strokes begin on one grid, so that neighbouring boxes run into each other.
  for (let at = Math.floor((x - height) / step) * step; at < x + width; at += step) {
    context.moveTo(at, y + height)
    context.lineTo(at + height, y)
  }
  context.lineWidth = 1.5 * scale
  context.strokeStyle = colour
  context.stroke()
  context.restore()
}

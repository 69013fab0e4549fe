const description =
  'Picture with labels, detections and heatmap of the loss. Plus and minus zoom, arrows move the picture under the ' +
  'crosshair in its middle, brackets go through the anchors there, Enter inspects one and Shift+Enter compares it. 0 ' +
  'fits, 1 shows actual size, H hides the heatmap while held. The list of anchors says the same in numbers.';

/** The empty stage, which takes the focus. */
export function stageElement(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'stage';
  element.tabIndex = 0;
  element.setAttribute('role', 'application');
  element.setAttribute('aria-roledescription', 'zoomable picture');
  element.setAttribute('aria-label', description);
  return element;
}

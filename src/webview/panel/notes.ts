import { html, type TemplateResult } from 'lit';
import type { Analysis } from '../../protocol/analysis';
import { icon } from '../icons';

/** How many things the notes say. */
export function noteCount({ notes, model, labelFile }: Analysis): number {
  return notes.length + model.notes.length + (labelFile?.problems.length ?? 0);
}

/** What the user should know about image, model and label file. */
export function notes({ notes: own, model, labelFile }: Analysis): TemplateResult {
  const problems = labelFile?.problems ?? [];
  return html`<ul class="notes">
    ${[...own, ...model.notes].map(note => html`<li>${icon('info')}<span>${note}</span></li>`)}
    ${problems.map(problem => html`<li>${icon('warning')}<span>${problem}</span></li>`)}
  </ul>`;
}

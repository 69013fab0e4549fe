import * as vscode from 'vscode';
import type { CommandId } from '../commandIds';
import { commandIds } from '../commandIds';
import type { HoverLink } from './hoverText';
import type { LabelRef } from './labelFacts';
import { Tickets } from './tickets';

/** Where a link leads: to a label, or to an image of which nothing is known yet. */
export type LinkTarget = LabelRef | { readonly image: string; readonly index: undefined };

/** Links of hovers, and what they stand for. */
export class LabelLinks {
  private readonly tickets = new Tickets<LinkTarget>();

  analyze(image: string): HoverLink {
    const title = vscode.l10n.t('Analyze image');
    return this.link('flame', title, commandIds.analyzeLabelImage, { image, index: undefined });
  }

  openInLens(label: LabelRef): HoverLink {
    return this.link('search', vscode.l10n.t('Open in lens'), commandIds.openLabelInLens, label);
  }

  /** @param label to go on from */
  nextWorst(label: LabelRef): HoverLink {
    return this.link('arrow-down', vscode.l10n.t('Next worst'), commandIds.nextWorstLabel, label);
  }

  /** @param ticket a command's argument: anything */
  target(ticket: unknown): LinkTarget | undefined {
    return this.tickets.redeem(ticket);
  }

  ticketFor(target: LinkTarget): number {
    return this.tickets.issue(target);
  }

  /** Markdown in which only our own commands run. */
  markdown(text: string): vscode.MarkdownString {
    const markdown = new vscode.MarkdownString(text, true);
    const { analyzeLabelImage, openLabelInLens, nextWorstLabel } = commandIds;
    markdown.isTrusted = { enabledCommands: [analyzeLabelImage, openLabelInLens, nextWorstLabel] };
    return markdown;
  }

  private link(icon: string, title: string, command: CommandId, target: LinkTarget): HoverLink {
    return { icon, title, href: `command:${command}?${encodeURIComponent(JSON.stringify([this.ticketFor(target)]))}` };
  }
}

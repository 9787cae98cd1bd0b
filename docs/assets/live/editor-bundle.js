/** CodeMirror for one cell of Python, in the page's own colours. Bundled by the build, loaded when a reader edits. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--md-code-hl-keyword-color)" },
  { tag: tags.number, color: "var(--md-code-hl-number-color)" },
  { tag: tags.string, color: "var(--md-code-hl-string-color)" },
  { tag: [tags.comment, tags.operator, tags.punctuation], color: "var(--md-code-hl-comment-color)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--accent)", padding: "0.6em 0" },
  ".cm-gutters": { backgroundColor: "var(--paper-2)", color: "var(--ink-2)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--paper-2)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft) !important" },
  ".cm-cursor": { borderLeftColor: "var(--accent)" },
  ".cm-wrong": { backgroundColor: "var(--mark)", boxShadow: "inset 3px 0 var(--danger)" },
});

const mark = StateEffect.define(); // a line's number, or null
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, change) {
    for (const effect of change.effects) {
      if (!effect.is(mark)) continue;
      const { doc } = change.state;
      const at = effect.value && effect.value <= doc.lines ? [Decoration.line({ class: "cm-wrong" }).range(doc.line(effect.value).from)] : [];
      return Decoration.set(at);
    }
    return change.docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * An editor in `parent` with the text `doc`, called `label` for those who hear it. Control or Command with Enter calls
 * `onRun`; Escape calls `onEscape`, because Tab indents.
 */
export function editor({ parent, doc, label, onRun, onEscape }) {
  const keys = [
    { key: "Mod-Enter", run: () => (onRun(), true) },
    { key: "Escape", run: () => (onEscape(), true) },
    indentWithTab,
    ...defaultKeymap,
    ...historyKeymap,
  ];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        keymap.of(keys), lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentOnInput(), bracketMatching(),
        indentUnit.of("    "), python(), syntaxHighlighting(colours), look, marked,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true" }),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    markLine: (line) => view.dispatch({ effects: mark.of(line) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

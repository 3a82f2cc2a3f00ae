// Declarations of a program by its syntax tree, in rows: where each begins, where its body does, and what is declared in it.
import type { Node } from "@vscode/tree-sitter-wasm";

export interface Declaration {
  readonly row: number;
  /** The first row of its body; the row behind its end where it has none of its own. */
  readonly bodyRow: number;
  /** Behind the last row. */
  readonly endRow: number;
  /** The row that names it, below its comments, decorators and annotations. */
  readonly nameRow: number;
  readonly members: readonly Declaration[];
}

const functions =
  /^(?:function_declaration|generator_function_declaration|function_definition|function_item|method_declaration|method_definition|constructor_declaration|compact_constructor_declaration)$/;
const classes =
  /^(?:class_declaration|abstract_class_declaration|class_definition|class_specifier|struct_specifier|struct_item|enum_item|enum_declaration|interface_declaration|trait_item|impl_item|mod_item|namespace_definition|internal_module|record_declaration|annotation_type_declaration)$/;
const wrappers = /^(?:export_statement|decorated_definition|template_declaration|ambient_declaration|expression_statement)$/;
const assigned = /^(?:lexical_declaration|variable_declaration)$/;
const attached = /^(?:comment|line_comment|block_comment|attribute_item|decorator)$/;
/** Classes within classes deeper than this are parts of the one around them. */
const deepest = 12;

/** Linear in the nodes of declarations and what stands beside them; the insides of functions are not looked at. */
export function declarationsIn(container: Node, depth = 0): Declaration[] {
  const found: Declaration[] = [];
  let attachedRow = -1;
  let attachedEnd = -1;
  for (const child of container.namedChildren) {
    if (!child) continue;
    if (attached.test(child.type)) {
      if (attachedRow === -1 || child.startPosition.row > attachedEnd + 1) attachedRow = child.startPosition.row;
      attachedEnd = child.endPosition.row;
      continue;
    }
    const declared = declaredIn(child);
    const isAttached = attachedRow !== -1 && child.startPosition.row <= attachedEnd + 1;
    const row = isAttached ? attachedRow : child.startPosition.row;
    attachedRow = -1;
    if (declared) found.push(declarationOf(child, declared, row, depth));
  }
  return found;
}

/** The function or class itself, below an export, a decorator, a template or a name it is assigned to. */
function declaredIn(node: Node): Node | undefined {
  if (functions.test(node.type) || classes.test(node.type)) return node.childForFieldName("body") ? node : undefined;
  if (wrappers.test(node.type)) {
    for (const child of node.namedChildren) {
      const declared = child ? declaredIn(child) : undefined;
      if (declared) return declared;
    }
  }
  if (assigned.test(node.type)) {
    const value = node.namedChildren[0]?.childForFieldName("value");
    if (value && /^(?:arrow_function|function_expression|function|class)$/.test(value.type) && value.childForFieldName("body"))
      return value;
  }
  return undefined;
}

function declarationOf(node: Node, declared: Node, row: number, depth: number): Declaration {
  const body = declared.childForFieldName("body") as Node;
  const endRow = node.endPosition.column === 0 ? node.endPosition.row : node.endPosition.row + 1;
  const opensOnItsRow = /^[{(]/.test(body.text.slice(0, 1));
  const bodyRow = Math.min(
    endRow,
    opensOnItsRow ? body.startPosition.row + 1 : Math.max(body.startPosition.row, declared.startPosition.row + 1),
  );
  const members = classes.test(declared.type) && depth < deepest ? declarationsIn(body, depth + 1) : [];
  // Decorators and annotations stand inside the node in some grammars.
  const nameRow = Math.min(
    bodyRow - 1,
    Math.max(declared.startPosition.row, (declared.childForFieldName("name") ?? declared).startPosition.row),
  );
  return { row, bodyRow, endRow, nameRow: Math.max(row, nameRow), members };
}

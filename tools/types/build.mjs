// Writes sdk-js/types/globals.d.ts: of TypeScript's declarations of the web's APIs those that workers have, class by class and
// member by member, as a running worker tells them. What neither has, or TypeScript does not know, stands in
// sdk-js/types/scope.d.ts, by hand.
//
// usage: node build.mjs SURFACE.json [OUTPUT]      SURFACE is what surface.js answers

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const ts = createRequire(join(root, "tests/types/package.json"))("typescript");
const [surfaceFile, output = join(root, "sdk-js/types/globals.d.ts")] = process.argv.slice(2);
const surface = JSON.parse(readFileSync(surfaceFile, "utf8"));

// Declared by hand: of the web's scopes a worker has little, and TypeScript says all of it.
const BY_HAND = new Set(["ServiceWorkerGlobalScope", "WorkerGlobalScope", "StorageManager", "URLPattern", "navigator", "scheduler", "self",
  "onerror", "onunhandledrejection", "onrejectionhandled"]);
// What workers have of classes that TypeScript does not know yet.
const STATICS = {
  ReadableStream: "from<R>(source: AsyncIterable<R> | Iterable<R | PromiseLike<R>>): ReadableStream<R>;",
};
// The types of globals that are objects, whose members are those of the object.
const OBJECTS = { Console: "console" };

const declarations = new Map();
const lib = dirname(ts.getDefaultLibFilePath({}));
for (const file of ["lib.webworker.d.ts", "lib.webworker.iterable.d.ts", "lib.webworker.asynciterable.d.ts"]) {
  const source = ts.createSourceFile(file, readFileSync(join(lib, file), "utf8"), ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((declaration) => declaration.name.text)
      : [statement.name.text];
    for (const name of names) declarations.set(name, [...(declarations.get(name) ?? []), statement]);
  }
}

const variable = (name) => declarations.get(name)?.find(ts.isVariableStatement)?.declarationList.declarations[0];
const isClass = (name) => {
  const type = variable(name)?.type;
  return type !== undefined && ts.isTypeLiteralNode(type) && type.members.some((member) => member.name?.text === "prototype");
};
// What TypeScript knows as a class of the web and a worker does not have.
const isAbsent = (name) => (isClass(name) && !(name in surface)) || BY_HAND.has(name) && name !== "URLPattern";

/** All members of a class of the worker's, with those of what it extends; undefined for what is no class. */
function membersOf(name) {
  const object = OBJECTS[name];
  if (object !== undefined) return new Set(surface[object].members);
  if (!isClass(name)) return undefined;
  const found = new Set();
  for (let at = name; surface[at]?.members; at = surface[at].base) surface[at].members.forEach((member) => found.add(member));
  return found;
}

// Interfaces that classes share: a member is there where all the classes that have it by that interface have it.
const users = new Map();
for (const [name, statements] of declarations) {
  if (!isClass(name) || isAbsent(name)) continue;
  for (const base of statements.filter(ts.isInterfaceDeclaration).flatMap(basesOf)) {
    if (!isClass(base)) users.set(base, [...(users.get(base) ?? []), name]);
  }
}

function basesOf(node) {
  return (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.expression.text));
}

function has(owner, member) {
  const own = membersOf(owner);
  if (own !== undefined) return own.has(member);
  const all = (users.get(owner) ?? []).map(membersOf);
  return all.length === 0 || all.every((members) => members.has(member));
}

// ---- what is left of a declaration ---------------------------------------------------------------------------------

/** Without the alternatives that a worker does not have; undefined where nothing is left. */
function prune(node) {
  let gone = false;
  const visit = (node) => {
    if (ts.isUnionTypeNode(node)) {
      const left = node.types.map(prune).filter((type) => type !== undefined);
      if (left.length === 0) gone = true;
      return ts.factory.updateUnionTypeNode(node, ts.factory.createNodeArray(left));
    }
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && isAbsent(node.typeName.text)) gone = true;
    return ts.visitEachChild(node, visit, undefined);
  };
  const left = visit(node);
  return gone ? undefined : left;
}

function interfaceOf(node) {
  const name = node.name.text;
  const members = node.members
    .filter((member) => member.name === undefined || !ts.isIdentifier(member.name) || has(name, member.name.text))
    .map(prune)
    .filter((member) => member !== undefined);
  const clauses = (node.heritageClauses ?? [])
    .map((clause) => ts.factory.updateHeritageClause(clause, clause.types.filter((type) => !isAbsent(type.expression.text))))
    .filter((clause) => clause.types.length > 0);
  return ts.factory.updateInterfaceDeclaration(node, undefined, node.name, node.typeParameters, clauses, members);
}

function variableOf(node) {
  const [declaration] = node.declarationList.declarations;
  let { type } = declaration;
  if (ts.isTypeLiteralNode(type)) {
    const statics = surface[declaration.name.text].statics;
    const members = type.members
      .filter((member) => member.name === undefined || statics.includes(member.name.text))
      .map(prune)
      .filter((member) => member !== undefined);
    type = ts.factory.updateTypeLiteralNode(type, ts.factory.createNodeArray(members));
  }
  const updated = ts.factory.updateVariableDeclaration(declaration, declaration.name, undefined, type, undefined);
  const list = ts.factory.updateVariableDeclarationList(node.declarationList, [updated]);
  return ts.factory.updateVariableStatement(node, node.modifiers, list);
}

function keep(node) {
  if (ts.isInterfaceDeclaration(node)) return interfaceOf(node);
  return ts.isVariableStatement(node) ? variableOf(node) : prune(node);
}

// ---- from the globals to all that they name ------------------------------------------------------------------------

const kept = new Map();
const open = Object.keys(surface).filter((name) => declarations.has(name) && !BY_HAND.has(name));
while (open.length > 0) {
  const name = open.pop();
  if (kept.has(name)) continue;
  const left = declarations.get(name).map(keep).filter((node) => node !== undefined);
  kept.set(name, left);
  const visit = (node) => {
    const named = ts.isTypeReferenceNode(node) ? node.typeName : ts.isExpressionWithTypeArguments(node) ? node.expression : undefined;
    const text = named !== undefined && ts.isIdentifier(named) ? named.text : undefined;
    if (text !== undefined && declarations.has(text) && !isAbsent(text) && !kept.has(text)) open.push(text);
    ts.forEachChild(node, visit);
  };
  left.forEach(visit);
}

const printer = ts.createPrinter({ removeComments: true });
const print = (node) => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile?.() ?? ts.getOriginalNode(node).getSourceFile());
const linked = (name) => (name in surface ? `/** https://developer.mozilla.org/docs/Web/API/${name} */\n` : "");
const texts = [...kept.keys()].sort().map((name) => {
  const more = STATICS[name] === undefined ? "" : `\n    ${STATICS[name]}`;
  const text = kept.get(name).map(print).join("\n").replace(`declare var ${name}: {`, `$&${more}`);
  return kept.get(name).some(ts.isInterfaceDeclaration) ? linked(name) + text : text;
});
writeFileSync(output, `// The web's APIs that workers have, as TypeScript ${ts.version} declares them.
// Written by tools/types/build: what is by hand stands in scope.d.ts.
// Copyright (c) Microsoft Corporation. Licensed under the Apache License, Version 2.0.

${texts.join("\n\n").replaceAll(/^( {4})+/gm, (spaces) => spaces.slice(0, spaces.length / 2))}
`);
console.log(`${output}: ${kept.size} names`);

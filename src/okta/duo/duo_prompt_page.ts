import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";

export interface DuoMethod {
  /** Duo's name: `phone1`, `token`. */
  device: string;
  /** Duo's name: `Duo Push`, `Phone Call`, `Passcode`. An open set. */
  factor: string;
  /** Safe to show: `push to iOS (XXX-XXX-1234)`. */
  name: string;
}

export interface DuoPromptPage {
  sid: Secret | undefined;
  /** In Duo's order. */
  methods: DuoMethod[];
  /** Hidden fields of the first form; some must be sent back. */
  fields: Map<string, string>;
  /** Whether a script of the page would only post the fields back before the prompt comes. */
  isBetween: boolean;
  /** Whether it is Duo's Universal Prompt or leads to it. */
  isUniversal: boolean;
}

type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

/** Not recursive: pages may be nested deeply. */
function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const open: Node[] = [parse(html)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) open.push(...node.childNodes.toReversed());
  }
  return found;
}

function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((one) => one.name === name)?.value;
}

function textOf(element: Element): string {
  const texts = element.childNodes.map((node) => "value" in node ? node.value : "");
  return texts.join("").replace(/\s+/g, " ").trim();
}

function isWithin(element: Element, wanted: (one: Element) => boolean): boolean {
  for (let at: Node | null = element; at !== null && "parentNode" in at; at = at.parentNode) {
    if ("tagName" in at && wanted(at)) return true;
  }
  return false;
}

const WAYS: Readonly<Record<string, string>> = {
  "Duo Push": "push to",
  "Phone Call": "call to",
  "Passcode": "passcode of",
};

function methodsOf(elements: Element[]): DuoMethod[] {
  const devices = elements.filter((element) =>
    element.tagName === "option" &&
    isWithin(element, (one) => one.tagName === "select" && attribute(one, "name") === "device")
  );
  return devices.flatMap((option) => {
    const device = attribute(option, "value") ?? "";
    const label = showUntrusted(textOf(option) || device);
    const factors = elements.filter((element) =>
      attribute(element, "name") === "factor" &&
      isWithin(element, (one) => attribute(one, "data-device-index") === device)
    ).map((element) => attribute(element, "value") ?? "");
    return [...new Set(factors)].filter((factor) => Object.hasOwn(WAYS, factor))
      .map((factor) => ({ device, factor, name: `${WAYS[factor]} ${label}` }));
  });
}

/** Forms about the device's health and certificate. */
const BETWEEN = ["endpoint-health-form", "client_cert_form"];

/** Default if the page lists no device: the first phone. */
const USUAL: readonly DuoMethod[] = ["Duo Push", "Phone Call", "Passcode"].map((factor) => ({
  device: "phone1",
  factor,
  name: `${WAYS[factor]} your first phone`,
}));

/**
 * Parses a page of Duo's frame. Without any listed device, the methods are those of the first
 * phone.
 */
export function parseDuoPromptPage(html: string): DuoPromptPage {
  const elements = elementsOf(html);
  const hidden = elements.filter(({ tagName }) => tagName === "input")
    .map((input) => [attribute(input, "name") ?? "", attribute(input, "value") ?? ""] as const)
    .filter(([name]) => name !== "" && name !== "factor");
  const fields = new Map(hidden.toReversed());
  const sid = fields.get("sid");
  const methods = methodsOf(elements);
  const isUniversal = elements.some((element) =>
    (attribute(element, "id") ?? "").startsWith("universal-prompt") ||
    /\/frame\/frameless\/|\/prompt\/v4\//.test(attribute(element, "action") ?? "")
  );
  const isBetween = methods.length === 0 &&
    elements.some(({ tagName, attrs }) =>
      tagName === "form" &&
      attrs.some(({ name, value }) => name === "id" && BETWEEN.includes(value))
    );
  return {
    isBetween,
    sid: sid === undefined || sid === "" ? undefined : new Secret(sid),
    methods: methods.length > 0 ? methods : [...USUAL],
    fields,
    isUniversal,
  };
}

import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { child, descendants, parseXml, XmlError } from "../src/xml.ts";

function refuses(text: string, code: string): void {
  throws(() => parseXml(text), (error) => {
    ok(error instanceof XmlError, text);
    equal(error.code, code, text);
    equal(error.cause, undefined);
    return true;
  }, text.slice(0, 60));
}

Deno.test("parseXml() returns names without prefixes and attributes as written", () => {
  const root = parseXml(`<s:a xmlns:s="urn:x" s:b='1' b="2"><t:c/></s:a>`);
  equal(root.name, "a");
  deepEqual([...root.attributes], [["xmlns:s", "urn:x"], ["s:b", "1"], ["b", "2"]]);
  deepEqual(root.children.map(({ name }) => name), ["c"]);
});

Deno.test("parseXml() joins text across comments, CDATA, instructions and elements", () => {
  const cases = {
    "<a>x<!-- c -->y</a>": "xy",
    "<a>x<!-- </a> -->y</a>": "xy",
    "<a>x<![CDATA[<&amp;]]>y</a>": "x<&amp;y",
    "<a><![CDATA[a]]]]><![CDATA[>b]]></a>": "a]]>b",
    "<a>x<?pi z?>y</a>": "xy",
    "<a>1<b>2<c>3</c></b>4</a>": "1234",
    "<a>\r\n x\r</a>": "\n x\n",
    "<a> 0x10 </a>": " 0x10 ",
    "<a>true</a>": "true",
    "<a/>": "",
    "<a></a>": "",
  };
  for (const [text, expected] of Object.entries(cases)) equal(parseXml(text).text, expected, text);
});

Deno.test("parseXml() decodes the predefined entities and numbers, each once", () => {
  equal(parseXml("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;</a>").text, `<>&"'AB😀`);
  equal(parseXml("<a>&amp;lt;&amp;#65;</a>").text, "&lt;&#65;");
  equal(parseXml(`<a b="&quot;&#x41;&amp;amp;\t"/>`).attributes.get("b"), `"A&amp; `);
});

Deno.test("parseXml() drops a byte order mark and white space in front", () => {
  equal(parseXml(`\ufeff\n <?xml version="1.0"?>\n<a>1</a>\n<!-- end -->`).text, "1");
});

Deno.test("parseXml() replaces characters that XML does not have", () => {
  const root = parseXml(`<a b="\u0000x\ufffe">1\u001b[31m${"\ud800"}😀</a>`);
  equal(root.text, "1\ufffd[31m\ufffd😀");
  equal(root.attributes.get("b"), "\ufffdx\ufffd");
});

Deno.test("parseXml() rejects every document type", () => {
  for (
    const text of [
      "<!DOCTYPE a><a/>",
      "<!doctype a><a/>",
      `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`,
      "<a><!DOCTYPE b></a>",
      "<!-- <!DOCTYPE a> --><a/>",
      "<a><![CDATA[<!DOCTYPE b>]]></a>",
    ]
  ) refuses(text, "doctype");
});

Deno.test("parseXml() rejects anything but one well-formed element", () => {
  for (
    const text of [
      "",
      "text",
      "???",
      "<a>",
      "</a>",
      "<a></b>",
      "<a:b></c:b>",
      "<a/><b/>",
      "<a></a><b></b>",
      "<a b=c/>",
      "<a b/>",
      "<a b='1' b='2'/>",
      "<a b='1'c='2'/>",
      "<a><!-- x</a>",
      "<a><![CDATA[x</a>",
      "<a><![IGNORE[x]]></a>",
      "<!ENTITY e 'x'><a/>",
      "<a>&nbsp;</a>",
      "<a>&e</a>",
      "<a>a & b</a>",
      "<a b='&e;'/>",
      "<a>&#0;</a>",
      "<a>&#xD800;</a>",
      "<a>&#x110000;</a>",
      "<a>]]></a>",
      "<a><#text/></a>",
    ]
  ) refuses(text, "malformed");
});

Deno.test("parseXml() keeps strange names off the prototype", () => {
  const root = parseXml("<a toString='1' hasOwnProperty='2'><valueOf>3</valueOf></a>");
  equal(root.text, "3");
  equal(({} as Record<string, unknown>)["valueOf"], Object.prototype.valueOf);
  const { attributes, children } = parseXml("<a __proto__='1'><__proto__>2</__proto__></a>");
  deepEqual([...attributes], [["__proto__", "1"]]);
  deepEqual(children.map(({ name, text }) => [name, text]), [["__proto__", "2"]]);
});

Deno.test("parseXml() limits depth, to 100 elements by default", () => {
  const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
  equal(parseXml(nested(100)).name, "a");
  refuses(nested(101), "too_deep");
  refuses(nested(100_000), "too_deep");
  throws(() => parseXml(nested(4), { maxDepth: 3 }), { code: "too_deep" });
});

Deno.test("parseXml() counts only elements that are open", () => {
  for (
    const one of ["<b/>", "<b></b>", "<!-- <b> -->", "<![CDATA[<b>]]>", "<?b <b>?>", "<b c='>'/>"]
  ) {
    equal(parseXml(`<a>${one.repeat(3)}</a>`, { maxDepth: 2 }).name, "a", one);
  }
  for (
    const one of ["/>", "<b/>", "<b c='/>'/>", "<!-- </a> -->", "<![CDATA[</a>]]>", "<?b </a>?>"]
  ) {
    refuses(`<a d='/>' e="/>">${one}`.repeat(50_000), "too_deep");
  }
});

Deno.test("parseXml() takes linear time for long texts", () => {
  const many = (piece: string) => piece.repeat(300_000);
  const began = performance.now();
  equal(parseXml(`<a>${many("\r")}</a>`).text.length, 300_000);
  for (const piece of ["<", "<!--", "<![CDATA[", "<?b ", "<b '", '<b "', "&lt;", "</b>"]) {
    refuses(`<a>${many(piece)}`, "malformed");
  }
  ok(performance.now() - began < 10_000);
});

Deno.test("parseXml() never shows the document in its errors", () => {
  for (const text of ["<a>SECRET<b", "<a SECRET>", "<a>&SECRET;</a>", "<SECRET></b>", "SECRET"]) {
    throws(() => parseXml(text), (error) => !Deno.inspect(error).includes("SECRET"), text);
  }
});

Deno.test("child() and descendants() find elements by local name", () => {
  const root = parseXml("<r><x:a>1<a>2</a></x:a><b/><a>3</a></r>");
  equal(child(root, "a")?.text, "12");
  equal(child(child(root, "b"), "a"), undefined);
  deepEqual(descendants(root, "a").map(({ text }) => text), ["12", "2", "3"]);
  equal(child(undefined, "a"), undefined);
});

import { classifyPage } from "../../saml/html_page.ts";
import { parseXml } from "../../xml.ts";

const PAGE = `<form action="https:&#x2f;&#x2f;signin.aws.amazon.com/saml" method="post">
<input type="hidden" name="SAMLResponse" value="QQ&#x3d;&#x3d;"></form>`;

/**
 * Reads a small page and a small document while the real ones are awaited. V8 compiles functions when
 * they first run, which takes longer here than to read what Okta sends.
 */
export function rehearse(): void {
  classifyPage(PAGE, 200);
  parseXml("<a b='c'><d>e</d></a>");
}

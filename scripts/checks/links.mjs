// Checks links, anchors and images of a built site with linkinator, on a loopback server of its own; asks no other host.
// Arguments: the site's folder, the path under which it is published. Prints a JSON list of what is broken.
import { LinkChecker } from 'linkinator'

const [site, base] = process.argv.slice(2)
const local = (address) => new URL(address).hostname === '127.0.0.1'

const { links } = await new LinkChecker().check({
  path: '**/*.html',
  serverRoot: site,
  checkCss: true,
  checkFragments: true,
  concurrency: 20,
  linksToSkip: async (address) => !local(address),
  urlRewriteExpressions: base === '/' ? [] : [{ pattern: new RegExp(`^(http://127\\.0\\.0\\.1:\\d+)${base}`), replacement: '$1/' }],
})
const broken = links.filter((link) => link.state === 'BROKEN')
console.log(JSON.stringify(broken.map(({ url, parent, status }) => ({ url, parent, status }))))

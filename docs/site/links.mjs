// Fails unless each link of the site to itself leads to a file and, with a #, to an element of that name: node links.mjs FOLDER BASE
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const folder = resolve(process.argv[2])
const base = process.argv[3] ?? '/'
const pages = readdirSync(folder, { recursive: true })
  .map(name => join(folder, name))
  .filter(file => file.endsWith('.html') && !file.startsWith(join(folder, 'javadoc')))
const dead = []
let links = 0

for (const page of pages) {
  for (const [, , link] of readFileSync(page, 'utf8').matchAll(/<(a|img|script|link)\b[^>]*?\s(?:href|src)="([^"]*)"/g)) {
    if (/^[a-z]+:/.test(link)) continue
    links++
    const [path, anchor] = link.split('#')
    const file = fileOf(path, page)
    if (!file || (anchor && !anchors(file).has(decodeURIComponent(anchor)))) dead.push(`${page}: ${link}`)
  }
}

function fileOf(path, page) {
  if (!path) return page
  if (path.startsWith('/') && !path.startsWith(base)) return undefined
  const file = path.startsWith('/') ? join(folder, path.slice(base.length)) : resolve(dirname(page), path)
  return [file, `${file}.html`, join(file, 'index.html')].find(one => existsSync(one) && statSync(one).isFile())
}

function anchors(file) {
  return new Set([...readFileSync(file, 'utf8').matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id))
}

if (!pages.length || dead.length) {
  console.error(`dead links:\n${dead.join('\n')}`)
  process.exit(1)
}
console.log(`${pages.length} pages with ${links} links, and none of them is dead`)

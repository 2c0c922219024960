// The site has the Markdown of this repository, at the paths that it has here. Links to other files lead to the repository.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const site = dirname(dirname(fileURLToPath(import.meta.url)))
const root = resolve(site, '../..')
const repository = process.env.SITE_REPOSITORY ?? 'https://eventcollector.dev/event-collector'

const titles = {
  'README.md': 'Overview',
  'docs/deciding.md': 'For the decision',
  'docs/transactions.md': 'Transactions and outbox',
  'docs/servlet.md': 'Servlets',
  'docs/guarantees.md': 'Guarantees',
  'docs/benchmarks/publish.md': 'Publishing, in figures'
}
const guide = [
  group('Start', ['README', 'docs/getting-started', 'docs/deciding']),
  group('Guide', [
    'docs/units-of-work', 'docs/threads', 'docs/transactions', 'docs/spring-boot', 'docs/workers', 'docs/dead-letters',
    'docs/servlet', 'docs/testing', 'docs/messages'
  ]),
  group('In production', ['docs/settings', 'docs/operations', 'docs/tuning']),
  group('Facts', ['docs/guarantees', 'docs/benchmarks', 'docs/benchmarks/*', 'SECURITY']),
  group('Versions', ['docs/upgrading', 'CHANGELOG', 'docs/releasing']),
  { ...group('Decisions', ['docs/decisions/*']), collapsed: true }
]
const pages = new Set(guide.flatMap(part => part.items.map(page => page.file)))
for (const file of ['docs', 'docs/benchmarks', 'docs/decisions'].flatMap(markdown)) {
  if (!pages.has(file)) throw new Error(`${file} has no place in the sidebar: docs/site/.vitepress/config.mjs`)
}

function group(text, names) {
  const files = names.flatMap(name => (name.endsWith('/*') ? markdown(name.slice(0, -2)) : [`${name}.md`]))
  return { text, items: files.map(file => ({ text: title(file), link: pathOf(file), file })) }
}

function markdown(folder) {
  return readdirSync(join(root, folder)).filter(name => name.endsWith('.md')).sort().map(name => `${folder}/${name}`)
}

function title(file) {
  const heading = readFileSync(join(root, file), 'utf8').match(/^# (.+)$/m)
  return titles[file] ?? (heading ? heading[1].replaceAll('`', '') : basename(file, '.md'))
}

function pathOf(file) {
  return file === 'README.md' ? '/' : `/${file.replace(/\.md$/, '')}`
}

/** As GitHub does it, so that a link to a heading works there and here. */
function slug(heading) {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')
}

function target(link, from) {
  if (/^([a-z]+:|#|\/)/.test(link)) return link
  const [path, anchor] = link.split('#')
  const absolute = resolve(dirname(from), decodeURI(path))
  const file = relative(root, absolute)
  if (!existsSync(absolute)) throw new Error(`${relative(root, from)} links to ${file}, which does not exist`)
  if (pages.has(file)) return pathOf(file) + (anchor ? `#${anchor}` : '')
  return `${repository}/${statSync(absolute).isDirectory() ? 'tree' : 'blob'}/main/${file}`
}

function linksOfTheRepository(md) {
  md.core.ruler.push('links-of-the-repository', state => {
    const from = state.env.realPath ?? state.env.path
    for (const token of state.tokens.flatMap(block => block.children ?? [])) {
      if (token.type === 'link_open') token.attrSet('href', target(token.attrGet('href'), from))
    }
  })
}

export default defineConfig({
  title: 'event-collector',
  description: 'Publishes events to RabbitMQ after your unit of work succeeds, and drops them when it fails',
  lang: 'en-GB',
  base: process.env.SITE_BASE ?? '/',
  srcDir: root,
  // A folder of a build, or a file that is no page.
  srcExclude: [
    '**/target/**', '**/node_modules/**', '.*/**', 'event-collector-*/**', 'examples/**', 'benchmarks/**', 'docs/site/**',
    ...markdownAtTheTop().filter(file => !pages.has(file))
  ],
  rewrites: { 'README.md': 'index.md' },
  outDir: join(site, 'target/site'),
  cacheDir: join(site, 'target/cache'),
  cleanUrls: false,
  // The pages lie outside of the folder that has node_modules.
  vite: { resolve: { alias: { vue: join(site, 'node_modules/vue') } } },
  markdown: { anchor: { slugify: slug }, config: linksOfTheRepository },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Getting started', link: '/docs/getting-started' },
      { text: 'Guarantees', link: '/docs/guarantees' },
      { text: 'Javadoc', link: '/javadoc/index.html', target: '_self' },
      { text: 'Source', link: repository }
    ],
    sidebar: guide.map(part => ({ ...part, items: part.items.map(({ text, link }) => ({ text, link })) }))
  }
})

function markdownAtTheTop() {
  return readdirSync(root).filter(name => name.endsWith('.md'))
}

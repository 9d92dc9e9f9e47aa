/** Marks our own series: it comes first, in its own colour. */
const isOurs = (name) => name.startsWith('lockstep')

// By Okabe and Ito, whose colours people with any colour vision can distinguish; ours are the blues.
const ourColours = ['#0072B2', '#56B4E9', '#000000']
const peerColours = ['#D55E00', '#E69F00', '#009E73', '#CC79A7', '#7F7F7F', '#B8A800', '#4B0082']
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle']

/** Between the names of a legend: bold names are wider than the layout thinks. */
const nameGap = 36

export const width = 860
export const font = 'Helvetica, Arial, sans-serif'
export const ink = '#222222'
export const faint = '#E0E0E0'

/** What each colour becomes on a dark page. The background is that of GitHub. */
export const darkColours = {
  '#FFFFFF': '#0D1117',
  // Inside the empty symbols.
  '#fff': '#0D1117',
  [ink]: '#E6EDF3',
  [faint]: '#30363D',
  '#595959': '#9DA7B3',
  '#0072B2': '#3A9BDC',
  '#56B4E9': '#A9DCFF',
  '#000000': '#F5F5F5',
  '#D55E00': '#F0803C',
  '#E69F00': '#E6B74A',
  '#009E73': '#2BB88C',
  '#CC79A7': '#DB94BC',
  '#7F7F7F': '#A0A0A0',
  '#B8A800': '#C9BC2E',
  '#4B0082': '#B08CFF',
}

/** Of paths without an area or a width, and of what cuts others. */
export const unseenColours = ['none', '#000', 'rgb(0,0,0)', '#3c3c41', '#b7b9be']

/** Our series first, each with its colour and its symbol. */
export function dressed(series) {
  const ours = series.filter(({ name }) => isOurs(name))
  const peers = series.filter(({ name }) => !isOurs(name))
  const dress = (colours, emphasised) => (one, index) => ({
    ...one,
    emphasised,
    colour: colours[index % colours.length],
    symbol: symbols[(emphasised ? index : ours.length + index) % symbols.length],
  })
  return [...ours.map(dress(ourColours, true)), ...peers.map(dress(peerColours, false))]
}

/** The parts of every kind of chart: the background, the title, and the names of the series. */
export function frame({ title, subtitle, series }) {
  return {
    animation: false,
    backgroundColor: '#FFFFFF',
    textStyle: { fontFamily: font, color: ink },
    title: {
      text: title,
      subtext: subtitle,
      left: 16,
      top: 10,
      itemGap: 5,
      textStyle: { fontFamily: font, fontSize: 15, fontWeight: 'bold', color: ink, width: width - 32 },
      subtextStyle: { fontFamily: font, fontSize: 11, color: '#595959' },
    },
    legend: {
      type: 'plain',
      show: series.length > 1,
      left: 16,
      right: 16,
      top: subtitle ? 52 : 36,
      itemWidth: 14,
      itemHeight: 10,
      itemGap: nameGap,
      selectedMode: false,
      data: series.map(({ name, emphasised }) => ({
        name,
        textStyle: { fontFamily: font, color: ink, fontWeight: emphasised ? 'bold' : 'normal' },
      })),
    },
  }
}

/** Number of lines of the legend, from the maximum width of its names. */
export function legendHeight(series) {
  if (series.length < 2) return 0
  const widths = series.map(({ name }) => 14 + 5 + nameGap + 7 * name.length)
  let lines = 1
  let used = 0
  for (const each of widths) {
    if (used + each > width - 32) {
      lines += 1
      used = 0
    }
    used += each
  }
  return lines * 22
}

/** `12,345`; three significant digits if it is small. */
export function brief(value) {
  const precision = Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 }
  return value.toLocaleString('en', precision)
}

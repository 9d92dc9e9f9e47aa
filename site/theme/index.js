import { useData, useRoute } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import { nextTick, onMounted, watch } from 'vue'
import ConformanceTable from './ConformanceTable.vue'
import { drawDiagrams } from './draw-diagrams.js'
import './style.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('ConformanceTable', ConformanceTable)
  },
  setup() {
    const route = useRoute()
    const { isDark } = useData()
    const draw = () => nextTick(() => drawDiagrams(isDark.value))
    onMounted(draw)
    watch([() => route.path, isDark], draw)
  },
}

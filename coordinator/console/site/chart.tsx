// One small line chart over the last hour, in the colours of the theme. What it shows is said in words beside it.
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { theme } from '@web/theme';
import { number } from '@web/numbers';
import { minuteText } from '@web/times';

export interface ChartProps {
  title: string;
  /** Seconds since 1970. */
  times: readonly number[];
  /** null: nothing was measured then. */
  values: readonly (number | null)[];
  unit: string;
  zone: string;
  digits?: number;
}

const height = 110;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888';
}

function optionsOf(props: ChartProps, width: number): uPlot.Options {
  const soft = colour('--soft'), line = colour('--line'), accent = colour('--accent');
  const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '11px Inter, sans-serif' };
  return {
    width, height, legend: { show: false }, cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: true } },
    axes: [
      { ...axis, space: 70, size: 22, values: (_, ticks) => ticks.map((one) => minuteText(one * 1e6, props.zone)) },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((one) => number(one, props.digits ?? 0)) },
    ],
    series: [{}, { stroke: accent, width: 1.5, points: { show: false }, spanGaps: false }],
  };
}

export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shade = theme.value;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    plot.current = new uPlot(optionsOf(props, element.clientWidth || 380), [[], []], element);
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shade, props.zone]);
  useEffect(() => {
    plot.current?.setData([[...props.times], [...props.values]]);
  }, [props.times, props.values, shade]);
  const newest = props.values.filter((one) => one !== null).at(-1);
  return (
    <figure class="chart">
      <figcaption>{props.title} <b>{newest === undefined ? '–' : `${number(newest, props.digits ?? 0)} ${props.unit}`}</b></figcaption>
      <div ref={box} aria-hidden="true" />
    </figure>
  );
}

// Curves and bars of 统计, drawn by ECharts from one address; the tables beside them say the same.
// The policy of the page forbids styles in markup: tooltips are drawn, not written as HTML.
"use strict";
(function () {
  const box = document.querySelector("[data-charts]");
  if (!box) return;
  const sections = Array.from(box.querySelectorAll("[data-view]"));
  const names = { rate: "完成率", months: "各月", parts: "构成" };
  const drawn = new Map();
  let view = sections[0].dataset.view;
  let face = "chart";
  let data = null;
  let library = null;

  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const text = { color: color("--ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const now = color("--accent");
  const last = { color: "#d5dae2", borderColor: "#98a1b0", borderWidth: 1 };
  const ink = color("--ink");

  function load() {
    library ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = box.dataset.library;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    data ||= fetch(box.dataset.series, { headers: { "X-Requested-With": "fetch" } }).then((answer) => {
      if (!answer.ok) throw new Error(`series: ${answer.status}`);
      return answer.json();
    });
    return Promise.all([data, library]);
  }

  const bar = (name, part, own, item) => ({ type: "bar", name, data: part.at, itemStyle: item, silent: false, ...own });

  function tip(found, lines) {
    return {
      trigger: "axis", renderMode: "richText", confine: true, borderColor: color("--line-2"), borderWidth: 1, padding: 10,
      textStyle: { ...text, color: ink }, axisPointer: { type: "line", lineStyle: { color: color("--line-2") } },
      formatter: (points) => lines(found, points[0].dataIndex).join("\n"),
    };
  }

  function axis(more) {
    return { axisLine: { lineStyle: { color: color("--line-2") } }, axisTick: { show: false }, axisLabel: text, splitLine: { lineStyle: { color: color("--line") } }, ...more };
  }

  // Cumulative lines above, the months' own columns below: two heights, one set of months.
  function months(found, width) {
    const aim = found.target.at[0];
    const roomy = width > 620;
    const end = found.ytd.at.filter((value) => value !== null).length - 1;
    const ended = (series, place) => series.at.map((value, i) => (i === place ? { value, label: { show: true } } : value));
    const label = (part, position, shade) => ({ show: false, position, formatter: (p) => part.text[p.dataIndex], ...text, color: shade, fontWeight: 600 });
    const line = { type: "line", symbol: "circle", xAxisIndex: 0, yAxisIndex: 0, emphasis: { disabled: true } };
    const series = [
      { ...line, name: "上年累计", data: ended(found.last_ytd, 11), label: label(found.last_ytd, "top", text.color), symbolSize: 3, lineStyle: { color: "#98a1b0", width: 1.5 }, itemStyle: { color: "#98a1b0" } },
      { ...line, name: "本年累计", data: ended(found.ytd, end), label: label(found.ytd, "bottom", color("--accent-strong")), symbolSize: 5, lineStyle: { color: now, width: 3 }, itemStyle: { color: now } },
    ];
    if (aim !== null) series.push({ ...line, name: "目标进度", data: found.months.map((_, i) => (aim * (i + 1)) / 12), symbol: "none", lineStyle: { color: ink, width: 1.5, type: "dashed" } });
    const low = { xAxisIndex: 1, yAxisIndex: 1, barGap: "10%", barMaxWidth: 22, emphasis: { disabled: true } };
    series.push(bar("上年当月", found.last_within, low, last), bar("本年当月", found.within, low, { color: now }));
    const under = (value, i) => (roomy && found.within.text[i] ? `${value}\n${found.within.text[i].replace(/\.\d\d$/, found.unit === "万元" ? "" : "$&")}` : value);
    return {
      grid: [{ left: 64, right: 16, top: 22, height: 168 }, { left: 64, right: 16, top: 222, height: 68 }],
      xAxis: [axis({ type: "category", data: found.months, gridIndex: 0, axisLabel: { show: false } }), axis({ type: "category", data: found.months, gridIndex: 1, axisLabel: { ...text, interval: 0, lineHeight: 17, formatter: under } })],
      yAxis: [axis({ type: "value", gridIndex: 0, splitNumber: 4, minInterval: found.unit === "个" ? 1 : undefined, name: `累计 ${found.unit}`, nameGap: 8, nameTextStyle: { ...text, align: "right" } }), axis({ type: "value", gridIndex: 1, splitNumber: 2, minInterval: found.unit === "个" ? 1 : undefined, name: "当月", nameGap: 6, nameTextStyle: { ...text, align: "right" } })],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: tip(found, (d, i) => [d.months[i], ...(d.within.text[i] ? [`当月 ${d.within.text[i]} ${d.unit}`, `累计 ${d.ytd.text[i]} ${d.unit}`] : ["本年尚无数"]), `上年当月 ${d.last_within.text[i]} ${d.unit}`, `上年累计 ${d.last_ytd.text[i]} ${d.unit}`]),
      series,
    };
  }

  function parts(found) {
    const order = found.members.map((_, i) => i).sort((a, b) => found.parts.at[a] - found.parts.at[b]);
    const pick = (part) => ({ at: order.map((i) => part.at[i]), text: order.map((i) => part.text[i]) });
    const [own, before] = [pick(found.parts), pick(found.last_parts)];
    const shape = { barGap: "0%", barMaxWidth: 11, emphasis: { disabled: true } };
    return {
      grid: { left: 8, right: 96, top: 6, bottom: 4, containLabel: true },
      xAxis: axis({ type: "value", splitNumber: 4, minInterval: found.unit === "个" ? 1 : undefined }),
      yAxis: axis({ type: "category", data: order.map((i) => found.members[i]), axisLabel: { ...text, color: ink, width: 116, overflow: "truncate" }, splitLine: { show: false } }),
      tooltip: tip(found, (d, i) => [d.members[order[i]], `累计 ${own.text[i]} ${d.unit}`, `上年同期 ${before.text[i]} ${d.unit}`]),
      series: [
        bar("上年同期", before, shape, last),
        bar("累计", own, { ...shape, label: { show: true, position: "right", formatter: (p) => own.text[p.dataIndex], ...text, color: ink } }, { color: now }),
      ],
    };
  }

  async function draw(place) {
    if (drawn.has(place)) { drawn.get(place).resize(); return; }
    let found;
    try {
      [found] = await load();
    } catch (error) {
      console.warn(error);
      press("face", "table"); // The numbers are there without the drawing.
      return;
    }
    if (drawn.has(place) || !place.offsetWidth) return;
    if (place.dataset.draw === "parts") place.classList.add("tallchart");
    const chart = echarts.init(place, null, { renderer: "svg", height: place.dataset.draw === "parts" ? Math.max(140, found.members.length * 34 + 40) : undefined });
    const make = place.dataset.draw === "months" ? months : parts;
    chart.setOption({ animation: false, textStyle: text, ...make(found, place.offsetWidth) });
    drawn.set(place, chart);
    new ResizeObserver(() => {
      if (!place.offsetWidth) return;
      chart.resize();
      if (place.dataset.draw === "months") chart.setOption({ xAxis: months(found, place.offsetWidth).xAxis });
    }).observe(place);
  }

  function update() {
    sections.forEach((section) => {
      section.hidden = section.dataset.view !== view;
      section.querySelectorAll("[data-face]").forEach((one) => { one.hidden = one.dataset.face !== face; });
    });
    const place = box.querySelector(`[data-view=${view}] [data-draw]`);
    if (place && face === "chart") draw(place);
  }

  function press(what, value) {
    if (what === "view") view = value; else face = value;
    box.querySelectorAll(`[data-${what}-button]`).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset[`${what}Button`] === value)));
    update();
  }

  function buttons(holder, what, choices) {
    choices.forEach(([value, name]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset[`${what}Button`] = value;
      button.textContent = name;
      button.addEventListener("click", () => press(what, value));
      holder.append(button);
    });
  }

  buttons(box.querySelector("[data-views]"), "view", sections.map((section) => [section.dataset.view, names[section.dataset.view]]));
  buttons(box.querySelector("[data-faces]"), "face", [["chart", "图"], ["table", "表"]]);
  box.querySelector(".charthead").hidden = false;
  box.classList.add("drawn");
  press("view", view);
  press("face", face);
})();

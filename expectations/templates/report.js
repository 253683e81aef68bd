"use strict";
// The report's behaviour. What needs no page stands first, so that it can be tried without one.

const PAGE_SIZE = 50;
const FILTERS = ["severity", "origin", "rule", "agency", "year", "cause", "document", "review"];

function readState(hash) {
  const state = {};
  for (const part of hash.replace(/^#/, "").split("&")) {
    const place = part.indexOf("=");
    if (place < 1) continue;
    try {
      state[part.slice(0, place)] = decodeURIComponent(part.slice(place + 1));
    } catch (error) {
      // a broken link shows everything
    }
  }
  return state;
}

function writeState(state) {
  return Object.entries(state)
    .filter(([, value]) => value !== "" && value !== undefined && value !== null)
    .map(([name, value]) => name + "=" + encodeURIComponent(value))
    .join("&");
}

// amounts are texts: no float ever touches them
function money(text) {
  if (text === null || text === undefined) return "";
  const found = /^(-?)(\d+)(\.\d+)?$/.exec(String(text));
  if (!found) return String(text);
  const fraction = found[3] ? "." + found[3].slice(1, 7).replace(/0+$/, "").padEnd(2, "0") : "";
  return (found[1] ? "−" : "") + found[2].replace(/\B(?=(\d{3})+(?!\d))/g, ",") + fraction;
}

// an amount in yuan as its document prints it, which is so many powers of ten larger
function shifted(text, power) {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text));
  if (!power || !found) return text;
  const digits = found[2].padStart(power + 1, "0");
  return found[1] + digits.slice(0, -power) + "." + digits.slice(-power) + (found[3] || "");
}

// every word of the text somewhere in the finding
function matches(finding, state, words) {
  for (const name of FILTERS) {
    if (state[name] !== undefined && state[name] !== "" && String(finding[name] ?? "") !== state[name]) return false;
  }
  return words.every((word) => finding.text.includes(word));
}

function searchWords(text) {
  return (text || "").toLowerCase().split(/\s+/).filter(Boolean);
}

function asFinding(entry, fields, documents) {
  const finding = {};
  fields.forEach((name, place) => { finding[name] = entry[place]; });
  const document = documents[finding.document_id] || {};
  finding.document = finding.document_id;
  finding.rule = finding.rule_id;
  finding.agency = document.agency;
  finding.year = document.year;
  finding.name = document.name;
  finding.text = [document.name, document.agency, document.year, finding.place, finding.rule_id, finding.cause,
    finding.message_zh, finding.message_en, finding.published, finding.expected, finding.quote]
    .filter((part) => part !== null && part !== undefined).join(" ").toLowerCase();
  return finding;
}

function counted(findings, name) {
  const counts = new Map();
  for (const finding of findings) {
    const value = finding[name];
    if (value !== null && value !== undefined && value !== "") counts.set(value, (counts.get(value) || 0) + 1);
  }
  return counts;
}

// both sides with the signs that they have on their own side
function sides(equation) {
  const left = [], right = [];
  for (const term of equation.terms || []) {
    const onLeft = term.s ? term.s === "lhs" : !term.c.startsWith("-");
    const turned = term.c.startsWith("-") ? term.c.slice(1) : "-" + term.c;
    (onLeft ? left : right).push({ ...term, c: onLeft ? term.c : turned });
  }
  return { left, right };
}

function factor(coefficient) {
  const sign = coefficient.startsWith("-") ? "−" : "+";
  const size = coefficient.replace(/^-/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return size === "1" ? sign : sign + size + " ×";
}

// a side that is one number as it is printed is its own sum
function isSum(terms) {
  return terms.length > 1 || terms.some((term) => factor(term.c).length > 1);
}

// what is printed of the amount that the finding speaks of, where the sentence has it once
function told(finding, equations, sentence) {
  for (const equation of equations || []) {
    for (const term of equation.terms || []) {
      if (term.v && Number(term.a) === Number(finding.published) && sentence.split(term.v).length === 2) return term.v;
    }
  }
  return "";
}

if (typeof module !== "undefined") {
  module.exports = { readState, writeState, money, shifted, matches, searchWords, asFinding, counted, sides, factor, isSum, told };
}

if (typeof document !== "undefined") start();

async function load(name, other) {
  const element = document.getElementById(name);
  if (!element) return other;
  if (!element.dataset.packed) return JSON.parse(element.textContent);
  const bytes = Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(element.dataset.packed));
  return JSON.parse(await new Response(stream).text());
}

// text is set as text: nothing of a document is ever markup
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

async function start() {
  const root = document.documentElement;
  const by = (id) => document.getElementById(id);
  const said = (zh, en) => (root.dataset.lang === "en" ? en : zh);
  const word = (pairs, key) => (pairs && pairs[key] ? said(pairs[key][0], pairs[key][1]) : key ?? "");
  const list = by("list");
  let facts, all;

  by("language").hidden = false;
  setLanguage(remembered() || "zh");
  by("language").addEventListener("click", () => {
    setLanguage(root.dataset.lang === "en" ? "zh" : "en");
    draw();
    if (facts.checklists && facts.checklists.length) showChecklist(by("checklist-document").value);
  });
  try {
    facts = await load("facts", {});
    all = (await load("findings", [])).map((entry) => asFinding(entry, facts.fields, facts.documents));
  } catch (error) {
    list.append(make("li", {}, "这个浏览器太旧，请打开 findings.csv 或 findings.xlsx。This browser is too old; open findings.csv or findings.xlsx. " + error));
    return;
  }
  all.forEach((finding, place) => { finding.number = place; });
  let state = {}, shown = [], filtersFor = "";
  const chunks = new Map();

  by("filters").hidden = by("turn").hidden = false;
  by("filters").addEventListener("submit", (event) => event.preventDefault());
  by("filters").addEventListener("input", (event) => {
    const { name, value } = event.target;
    go({ ...state, [name]: value, page: "", finding: "" }, event.target.type === "search");
  });
  by("clear").addEventListener("click", () => go({}));
  by("previous").addEventListener("click", () => turn(-1));
  by("next").addEventListener("click", () => turn(1));
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) toggle(row);
  });
  by("checklist-document").addEventListener("change", (event) => showChecklist(event.target.value));
  document.addEventListener("keydown", keys);
  window.addEventListener("hashchange", follow);
  follow();
  if (facts.checklists && facts.checklists.length) showChecklist(facts.checklists[0]);
  root.dataset.ready = "true";

  function remembered() {
    try { return localStorage.getItem("report-language"); } catch (error) { return null; }
  }

  function setLanguage(language) {
    root.dataset.lang = language;
    root.lang = language === "en" ? "en" : "zh-CN";
    by("language").textContent = language === "en" ? "中文" : "English";
    by("language").lang = language === "en" ? "zh-CN" : "en";
    try { localStorage.setItem("report-language", language); } catch (error) { /* a page of a file may not remember */ }
  }

  // the address says what is shown, so that others can link to it; anchors of sections stay anchors
  function follow() {
    if (location.hash && !location.hash.includes("=")) {
      if (!shown.length) draw();
      return;
    }
    state = readState(location.hash);
    if (state.lang === "en" || state.lang === "zh") setLanguage(state.lang);
    draw();
    if (Object.keys(state).some((name) => name !== "lang")) by("findings-section").scrollIntoView();
    const row = state.finding && list.querySelector(`[data-finding="${CSS.escape(state.finding)}"]`);
    if (row) { if (row.getAttribute("aria-expanded") !== "true") toggle(row); row.focus(); row.scrollIntoView(); }
  }

  function go(next, quietly) {
    state = next;
    const hash = "#" + writeState(state);
    history.replaceState(null, "", hash === "#" ? "#all=" : hash);
    draw(quietly);
  }

  function turn(step) {
    const page = Number(state.page || 1) + step;
    if (page < 1 || (page - 1) * PAGE_SIZE >= shown.length) return;
    go({ ...state, page: page === 1 ? "" : String(page), finding: "" });
    const first = list.querySelector(".row");
    if (first) first.focus();
  }

  function draw(quietly) {
    const words = searchWords(state.q);
    shown = all.filter((finding) => matches(finding, state, words));
    if (state.finding) {
      const place = shown.findIndex((finding) => finding.finding_id === state.finding);
      if (place >= 0) state.page = String(Math.floor(place / PAGE_SIZE) + 1);
    }
    const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
    const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
    if (!quietly) drawFilters();
    by("count").textContent = said(`${shown.length} 个问题，第 ${page} / ${pages} 页`, `${shown.length} finding${shown.length === 1 ? "" : "s"}, page ${page} of ${pages}`);
    by("previous").disabled = page <= 1;
    by("next").disabled = page >= pages;
    list.replaceChildren(...shown.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(asRow));
    if (!shown.length) list.append(make("li", {}, make("p", { class: "row" }, said("没有问题", "none"))));
    drawChecklistChoice();
  }

  function drawFilters() {
    const titles = { severity: ["级别", "severity"], origin: ["来源", "origin"], rule: ["规则", "rule"], agency: ["单位", "agency"],
      year: ["年度", "year"], cause: ["原因", "cause"], document: ["文件", "document"], review: ["复核", "review"] };
    const key = root.dataset.lang + JSON.stringify(state);
    if (key === filtersFor) return;
    filtersFor = key;
    const focused = document.activeElement && document.activeElement.name;
    const search = make("label", { class: "search" }, said("搜索", "search"),
      make("input", { type: "search", name: "q", id: "search", value: state.q || "", placeholder: said("文字、金额、科目…", "words, amounts, codes…") }));
    const choices = FILTERS.map((name) => {
      const options = [...counted(all, name)];
      const label = (value) => ({
        severity: () => word(facts.severities, value), origin: () => word(facts.origins, value),
        rule: () => value + " " + word(facts.rules, value), cause: () => word(facts.causes, value),
        document: () => facts.documents[value].name, review: () => word(facts.reviews, value),
      }[name] || (() => String(value)))();
      const order = name === "severity" ? Object.keys(facts.severities) : null;
      options.sort(([one], [other]) => (order ? order.indexOf(one) - order.indexOf(other) : label(one).localeCompare(label(other), "zh")));
      return make("label", {}, said(...titles[name]), make("select", { name },
        make("option", { value: "" }, said("全部", "all")),
        options.map(([value, count]) => make("option", { value, selected: String(value) === state[name] }, `${label(value)} (${count})`))));
    });
    by("filters").replaceChildren(search, ...choices);
    if (focused) { const again = by("filters").elements[focused]; if (again) again.focus(); }
  }

  // a text has lines in place of pages
  function whereIn(finding) {
    if (finding.page_no !== null) return said(`第 ${finding.page_no} 页`, `p. ${finding.page_no}`);
    return finding.line_no ? said(`第 ${finding.line_no} 行`, `line ${finding.line_no}`) : "";
  }

  // in the unit of the finding, as the page and the message have it
  function printed(amount, finding) {
    return money(shifted(amount, finding.unit[2]));
  }

  function asRow(finding) {
    const amounts = finding.published === null && finding.expected === null ? null
      : [make("b", {}, printed(finding.published, finding) || "—"),
        finding.expected === null ? null : [" → ", make("b", {}, printed(finding.expected, finding))],
        " " + said(...finding.unit)].flat();
    return make("li", { class: "s-" + finding.severity },
      make("button", { type: "button", class: "row", "aria-expanded": "false", "data-finding": finding.finding_id, "data-number": finding.number },
        make("span", { class: "facts" },
          make("b", { class: finding.severity }, word(facts.severities, finding.severity)),
          make("b", {}, finding.rule_id),
          make("span", {}, finding.name || ""),
          make("span", {}, whereIn(finding)),
          make("span", {}, finding.place || ""),
          make("span", {}, word(facts.causes, finding.cause)),
          amounts && make("span", {}, amounts),
          finding.origin === "extraction" ? make("span", { class: "warning" }, word(facts.origins, finding.origin)) : null),
        make("span", { class: "said" }, said(finding.message_zh, finding.message_en))));
  }

  async function toggle(row) {
    const item = row.parentElement;
    const open = row.getAttribute("aria-expanded") === "true";
    row.setAttribute("aria-expanded", String(!open));
    if (open) { item.querySelector(".panel").remove(); return; }
    const panel = make("div", { class: "panel" });
    item.append(panel);
    const finding = all[Number(row.dataset.number)];
    const chunk = Math.floor(finding.number / facts.chunk);
    if (!chunks.has(chunk)) chunks.set(chunk, load("details-" + chunk, {}));
    const details = (await chunks.get(chunk))[finding.finding_id] || {};
    panel.replaceChildren(...[asFacts(finding), asPicture(finding), asNear(details.near), asText(details.text, finding, details.equations), asChecks(details.checks),
      ...(details.equations || []).map((equation) => asEquation(equation, finding))].filter(Boolean));
  }

  function asFacts(finding) {
    const rule = facts.rules[finding.rule_id] || [];
    const given = (amount) => (amount === null ? "" : printed(amount, finding) + " " + said(...finding.unit));
    const pairs = [
      [said("规则", "rule"), `${finding.rule_id} ${word(facts.rules, finding.rule_id)}${rule[2] ? " · " + rule[2] : ""}`],
      [said("公布数", "published"), given(finding.published)], [said("应为", "expected"), given(finding.expected)],
      [said("差额", "difference"), given(finding.difference)],
      [said("原因", "cause"), word(facts.causes, finding.cause) + (finding.is_undecided ? said("（等式不能确定是哪个数有误，图中橙色为其他可能）", " (the equations do not decide which number; others are orange in the picture)") : "")],
      [said("下一步", "next"), word(facts.steps, finding.origin === "extraction" ? "extraction" : finding.cause)],
      [said("来源", "origin"), word(facts.origins, finding.origin)],
      [said("复核", "review"), [word(facts.reviews, finding.review), finding.review_reason].filter(Boolean).join(": ")],
    ];
    return make("dl", {}, pairs.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  }

  function asPicture(finding) {
    const data = by("picture-" + finding.finding_id);
    if (data) {
      return make("figure", { style: "margin:.4rem 0" },
        make("div", { class: "scroll" }, make("img", { src: "data:image/png;base64," + data.textContent,
          alt: said(`${finding.name} 第 ${finding.page_no} 页的一部分，有问题的单元格已标出`, `part of page ${finding.page_no} of ${finding.name} with the cells marked`) })),
        make("figcaption", { class: "legend dim" }, make("i", { class: "suspect" }), said("有问题的数", "suspected"),
          make("i", { class: "candidate" }), said("其他可能", "other candidates"), make("i", { class: "term" }), said("等式中的其他数", "other numbers of the equations")));
    }
    const reason = facts.no_picture[finding.finding_id];
    return reason ? make("p", { class: "dim" }, said("没有图片：", "No picture: ") + (reason === "limit" ? said("已达到图片数量上限", "the limit of pictures is reached") : reason)) : null;
  }

  function asNear(near) {
    if (!near || !near.r) return null;
    return make("div", {}, make("h3", {}, said("相邻单元格", "Neighbouring cells")), make("div", { class: "scroll" }, make("table", { class: "near" },
      make("thead", {}, make("tr", {}, make("th", {}, ""), (near.h || []).map((head) => make("th", {}, head.h || head.c)))),
      make("tbody", {}, near.r.map((row) => make("tr", {}, make("td", { class: row.is ? "here" : null }, row.l || ""),
        (near.h || []).map((head) => make("td", { class: "number" + (row.is && head.c === near.c ? " here" : "") }, (row.v || {})[head.c] ?? ""))))))));
  }

  function asText(sentences, finding, equations) {
    if (!sentences) return null;
    const quote = finding.quote;
    return make("div", {}, make("h3", {}, said("上下文", "Context")), sentences.map((sentence) => {
      const place = sentence.is && quote ? sentence.t.indexOf(quote) : -1;
      if (place < 0) return make("p", { class: sentence.is ? "here" : "dim" }, sentence.t);
      const number = finding.published === null ? "" : told(finding, equations, quote);
      const [before, after] = number ? quote.split(number) : [quote];
      return make("p", {}, sentence.t.slice(0, place), make("mark", {}, before, number ? make("b", {}, number) : null, after),
        sentence.t.slice(place + quote.length));
    }));
  }

  function asChecks(checks) {
    if (!checks) return null;
    const titles = [["对象", "object"], ["表 / 章", "table / chapter"], ["页", "page"], ["结果", "result"], ["原文", "as printed"]];
    return make("div", {}, make("h3", {}, said("检查", "Checks")), make("div", { class: "scroll" }, make("table", { class: "checks" },
      make("thead", {}, make("tr", {}, titles.map((pair) => make("th", {}, said(...pair))))),
      make("tbody", {}, checks.map((check) => make("tr", {}, make("td", {}, check.o || ""), make("td", {}, check.t || ""),
        make("td", { class: "number" }, check.p ?? ""),
        make("td", { class: check.s === "fail" ? "bad" : null }, word(facts.statuses, check.s) + (check.w ? said("：", ": ") + check.w : "")),
        make("td", { class: "dim" }, check.q || "")))))));
  }

  function asEquation(equation, finding) {
    const { left, right } = sides(equation);
    const sign = { eq: "=", le: "≤", ge: "≥" }[equation.m] || "=";
    const cell = (term) => make("tr", { class: term.i && term.i === finding.cell_id ? "here" : null }, make("td", { class: "number" }, Number(term.c) ? factor(term.c) : said("参照", "given")), make("td", { class: "number" }, printed(term.a, finding)),
      make("td", {}, term.l || (term.v ? "" : said("（未印出）", "(not printed)"))), make("td", {}, term.k || ""),
      make("td", { class: "dim" }, [term.d === finding.name ? null : term.d, term.t, term.p === null ? null : said(`第 ${term.p} 页`, `p. ${term.p}`)].filter(Boolean).join(" · ")));
    const total = (name, value, tag) => make("tr", {}, make("th", {}, tag), make("td", { class: "number" }, make("b", {}, printed(value, finding))), make("td", { colspan: 3 }, name));
    const within = printed(equation.t, finding);
    // a percentage is held against amounts
    const unit = finding.unit[0] === "%" ? ["元", "yuan"] : finding.unit;
    return make("div", {}, make("h3", {}, `${equation.r}${/^\d+$/.test(equation.n || "") ? "." + equation.n : ""} ${word(facts.rules, equation.r)} · ${equation.o || ""} · `,
      make("span", { class: equation.s === "fail" ? "bad" : "dim" }, word(facts.statuses, equation.s))),
      make("div", { class: "scroll" }, make("table", { class: "equation" },
        make("tbody", {}, left.map(cell), isSum(left) ? total(said("左边合计", "left side"), equation.lhs, "Σ") : null,
          make("tr", {}, make("th", { colspan: 5 }, sign)), right.map(cell),
          isSum(right) ? total(said("右边合计", "right side"), equation.rhs, "Σ") : null,
          total(said(`差额（允许 ±${within} ${unit[0]}）`, `difference (tolerance ±${within} ${unit[1]})`), equation.d, "Δ")))),
      equation.more ? make("p", { class: "dim" }, said(`另有 ${equation.more} 项，见 quality.reconciliation_term`, `${equation.more} more terms in quality.reconciliation_term`)) : null,
      equation.w ? make("p", { class: "dim" }, equation.w) : null);
  }

  function drawChecklistChoice() {
    const choice = by("checklist-document");
    if (choice.options.length || !facts.checklists) return;
    choice.append(...facts.checklists.map((place) => make("option", { value: place }, facts.documents[place].name)));
  }

  async function showChecklist(place) {
    const rows = await load("checklist-" + place, []);
    const document_ = facts.documents[place];
    const verdicts = { "是": "yes", "否": "no", "不适用": "not applicable", "未检查": "not checked" };
    const titles = [["序号", "no."], ["检查项目", "item"], ["符合要求", "met"], ["依据 / 说明", "evidence"]];
    by("checklist").replaceChildren(make("table", { class: "wide" },
      make("caption", {}, [document_.agency, document_.year, document_.name].filter(Boolean).join(" · ")),
      make("thead", {}, make("tr", {}, titles.map((pair) => make("th", {}, said(...pair))))),
      make("tbody", {}, rows.map((row) => make("tr", {}, row.map((value, column) => make("td", { class: column === 2 && value === "否" ? "bad" : column === 2 ? "nowrap" : null },
        column === 2 ? said(value, verdicts[value]) : String(value ?? ""))))))));
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      if (event.key === "Escape" && event.target.id === "search") event.target.blur();
      return;
    }
    const rows = [...list.querySelectorAll(".row[data-finding]")];
    const place = rows.indexOf(document.activeElement);
    if (event.key === "/") by("search").focus();
    else if (event.key === "j" || (event.key === "ArrowDown" && place >= 0)) focusRow(rows, place + 1);
    else if (event.key === "k" || (event.key === "ArrowUp" && place >= 0)) focusRow(rows, place - 1);
    else if (event.key === "n") turn(1);
    else if (event.key === "p") turn(-1);
    else if (event.key === "Escape" && place >= 0 && rows[place].getAttribute("aria-expanded") === "true") toggle(rows[place]);
    else return;
    event.preventDefault();
  }

  function focusRow(rows, place) {
    const row = rows[Math.min(Math.max(place, 0), rows.length - 1)];
    if (row) row.focus();
  }
}

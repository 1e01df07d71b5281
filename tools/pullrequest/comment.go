package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

// marker is the first line of the comment, by which the next run finds it.
const marker = "<!-- tandem: preview -->"

// maxComment is the longest comment that GitHub takes, in characters: 65536,
// less some room, since it counts line ends twice.
const maxComment = 60000

// maxValue is the longest value of a property that is shown whole.
const maxValue = 100

// A comment is what a pull request is told of its previews.
type comment struct {
	// commit is what was previewed, and where says against what.
	commit, where string
	// notes are further lines under the title.
	notes    []string
	previews []*preview.Preview
	verdict  verdict
}

// markdown is the comment's text, never longer than limit characters. All that
// a pull request can put into it, names and values, is in code spans and code
// blocks, where it is neither markup nor a mention.
func (c comment) markdown(limit int) string {
	var b strings.Builder
	b.WriteString(marker + "\n")
	fmt.Fprintf(&b, "### Preview of %s %s\n\n", code(c.commit), c.where)
	for _, note := range c.notes {
		fmt.Fprintf(&b, "%s\n\n", note)
	}
	c.writeSummary(&b)
	c.writeDestructive(&b)
	c.writeErrors(&b)
	c.writeViolations(&b)

	const omitted = "\n_The rest is left out here, because a comment has an end: it is in the job's summary and its artifact._\n"
	head := truncate(b.String(), limit-len(omitted))
	if head != b.String() {
		return head + omitted
	}
	room := limit - len(head) - len(omitted)
	for _, p := range c.previews {
		section := changes(p, room)
		head += section
		room -= len(section)
	}
	return head
}

func (c comment) writeSummary(b *strings.Builder) {
	b.WriteString("| stack | create | update | replace | delete | unchanged | policies |\n|---|--:|--:|--:|--:|--:|---|\n")
	for _, p := range c.previews {
		count := map[preview.Op]int{}
		for _, change := range p.Changes {
			count[change.Op]++
		}
		number := func(op preview.Op, grave bool) string {
			switch n := count[op]; {
			case n == 0:
				return ""
			case grave:
				return fmt.Sprintf("**%d**", n)
			default:
				return fmt.Sprint(n)
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %d | %s |\n", cell(p.Stack),
			number(preview.Create, false), number(preview.Update, false), number(preview.Replace, true), number(preview.Delete, true), p.Unchanged, policies(p))
	}
	b.WriteString("\n")
}

// policies is the last column of the table.
func policies(p *preview.Preview) string {
	mandatory := 0
	for _, v := range p.Violations {
		if v.Mandatory {
			mandatory++
		}
	}
	var parts []string
	if mandatory > 0 {
		parts = append(parts, "❌ "+plural(mandatory, "violation"))
	}
	if n := len(p.Violations) - mandatory; n > 0 {
		parts = append(parts, "⚠️ "+fmt.Sprintf("%d to consider", n))
	}
	switch {
	case len(p.Errors) > 0 || p.Failed && mandatory == 0:
		parts = append(parts, "❌ preview failed")
	case !p.Complete && mandatory == 0:
		parts = append(parts, "❌ preview did not come to its end")
	case len(p.Packs) == 0 && len(parts) == 0:
		parts = append(parts, "no policy pack ran")
	case len(parts) == 0:
		parts = append(parts, "✅ passed")
	}
	return strings.Join(parts, ", ")
}

func (c comment) writeDestructive(b *strings.Builder) {
	n := c.verdict.count()
	if n == 0 {
		return
	}
	kind, rest := "CAUTION", "This cannot be merged until a maintainer adds the label "+code(label)+"."
	if c.verdict.allowed {
		kind, rest = "WARNING", "The label "+code(label)+" lets it pass."
	}
	fmt.Fprintf(b, "> [!%s]\n> **%s would be deleted or replaced.** %s\n\n", kind, plural(n, "protected resource"), rest)
	b.WriteString("| stack | change | resource | type | because of |\n|---|---|---|---|---|\n")
	for _, p := range c.previews {
		for _, change := range c.verdict.destructive[p.Stack] {
			var causes []string
			for _, property := range change.Properties {
				if property.Replaces {
					causes = append(causes, cell(property.Path))
				}
			}
			what := string(change.Op)
			if change.Retained {
				what += ", retained in the cloud"
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", cell(p.Stack), what, cell(change.URN.Name()), cell(string(change.URN.Type())), strings.Join(causes, ", "))
		}
	}
	b.WriteString("\n")
}

func (c comment) writeErrors(b *strings.Builder) {
	for _, p := range c.previews {
		if len(p.Errors) == 0 {
			continue
		}
		fmt.Fprintf(b, "**Errors of %s**\n\n%s\n", code(p.Stack), block("", strings.Join(p.Errors, "\n\n")))
	}
}

func (c comment) writeViolations(b *strings.Builder) {
	total := 0
	for _, p := range c.previews {
		total += len(p.Violations)
	}
	if total == 0 {
		return
	}
	fmt.Fprintf(b, "<details open><summary>%s</summary>\n\n", plural(total, "policy finding"))
	for _, p := range c.previews {
		for _, v := range p.Violations {
			level := "⚠️ advice"
			if v.Mandatory {
				level = "❌ mandatory"
			}
			resource := "the stack"
			if v.URN != "" {
				resource = code(v.URN.Name()) + " (" + code(string(v.URN.Type())) + ")"
			}
			fmt.Fprintf(b, "- %s %s: %s in %s\n%s", level, code(v.Policy), resource, code(p.Stack), indent(block("", v.Message)))
		}
	}
	b.WriteString("\n</details>\n\n")
}

// changes is the section of one stack's changes, no longer than limit; where
// not all changes have room, it says how many are left out.
func changes(p *preview.Preview, limit int) string {
	if len(p.Changes) == 0 {
		return ""
	}
	const tail = "\n%d more: see the job's summary and its artifact\n"
	head := fmt.Sprintf("<details><summary>%s: %s</summary>\n\n", html(p.Stack), plural(len(p.Changes), "change"))
	room := limit - len(head) - len(tail) - len("````diff\n\n````\n</details>\n\n") - 20
	var b strings.Builder
	for i, change := range p.Changes {
		text := diff(change)
		if b.Len()+len(text) > room {
			fmt.Fprintf(&b, tail, len(p.Changes)-i)
			break
		}
		b.WriteString(text)
	}
	return head + block("diff", b.String()) + "\n</details>\n\n"
}

// signs begin the lines of GitHub's diff highlighting: red, orange, green, grey.
var signs = map[preview.Op]string{
	preview.Delete: "-", preview.Replace: "!", preview.Update: "!", preview.Create: "+", preview.Import: "+", preview.Refresh: "#",
}

// diff shows one change as lines of a diff.
func diff(c preview.Change) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s\n", signs[c.Op], c.Op, c.URN.Type(), oneLine(c.URN.Name()))
	for _, property := range c.Properties {
		why := ""
		if property.Replaces {
			why = "    (replaces)"
		}
		if property.Old != nil {
			fmt.Fprintf(&b, "-     %s: %s%s\n", oneLine(property.Path), value(property.Old), why)
			why = ""
		}
		if property.New != nil {
			fmt.Fprintf(&b, "+     %s: %s%s\n", oneLine(property.Path), value(property.New), why)
			why = ""
		}
		if property.Old == nil && property.New == nil {
			fmt.Fprintf(&b, "!     %s%s\n", oneLine(property.Path), why)
		}
	}
	return b.String()
}

// value shows a value in a line.
func value(v any) string {
	if _, ok := v.(preview.Unknown); ok {
		return "known after the update"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return truncate(oneLine(string(text)), maxValue)
}

// cell is a code span in a table, where a bar has to be escaped even there.
func cell(text string) string { return strings.ReplaceAll(code(text), "|", `\|`) }

// code is a code span that shows text as it is.
func code(text string) string {
	text = oneLine(text)
	if text == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// block is a code block that no text can end.
func block(language, text string) string {
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fence + language + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n"
}

// longestRun is the length of the longest run of backticks.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ") + "\n"
}

// html escapes text for the one place where Markdown has no say: a summary.
var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "`", "&#96;")

func html(text string) string { return "<code>" + htmlEscapes.Replace(oneLine(text)) + "</code>" }

// oneLine has no line ends, which would end a code span or a table's row.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// truncate cuts at a character's edge and shows that it did.
func truncate(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	return string(runes[:max(0, limit-1)]) + "…"
}

func list(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(names, ", ")
}

package slim

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"text/tabwriter"

	"github.com/tandem-platform/tandem/tools/slim/slim/internal/emit"
	"github.com/tandem-platform/tandem/tools/slim/slim/internal/reach"
)

// Report says what is kept of the packages that the plain build would compile, in the modules that are copied.
type Report struct {
	Packages []Package
	// Notes say what made slim keep more than usual everywhere.
	Notes []string
}

// Package is one package in a report.
type Package struct {
	ImportPath string
	// Live is false for a package that the plain build compiles and the program does not reach.
	Live bool
	// Whole says why every declaration is kept; empty when the package is shaken.
	Whole []string
	// Declarations counts functions, methods, types, constants and variables; zero where the package was not taken apart.
	Declarations, KeptDeclarations int
	// Bytes is the size of the Go source that the plain build compiles, KeptBytes of that which is left.
	Bytes, KeptBytes int64
}

func (r *Report) add(p *reach.Package, s emit.Size) {
	q := Package{
		ImportPath: p.ImportPath, Live: p.Live,
		Declarations: s.Declarations, KeptDeclarations: s.KeptDeclarations, Bytes: s.Bytes, KeptBytes: s.KeptBytes,
	}
	if p.Live {
		q.Whole = p.Whole
	}
	r.Packages = append(r.Packages, q)
}

// Write prints the report as a table, the largest packages first.
func (r *Report) Write(w io.Writer) error {
	if len(r.Packages) == 0 {
		_, err := fmt.Fprintln(w, "no package of this program carries the header of Pulumi's SDK generators: nothing to shake")
		return err
	}
	list := append([]Package(nil), r.Packages...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].Bytes > list[j].Bytes })
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PACKAGE\tDECLARATIONS KEPT\tSOURCE KEPT\tSAVED\tNOTE")
	var total, kept int64
	absent, absentBytes := 0, int64(0)
	for _, p := range list {
		total += p.Bytes
		kept += p.KeptBytes
		if !p.Live {
			absent++
			absentBytes += p.Bytes
			continue
		}
		decls := "all"
		if len(p.Whole) == 0 {
			decls = fmt.Sprintf("%d of %d", p.KeptDeclarations, p.Declarations)
		}
		note := ""
		if len(p.Whole) > 0 {
			note = "whole: " + strings.Join(p.Whole, "; ")
		}
		fmt.Fprintf(t, "%s\t%s\t%s of %s\t%s\t%s\n", p.ImportPath, decls, size(p.KeptBytes), size(p.Bytes), percent(p.KeptBytes, p.Bytes), note)
	}
	if absent > 0 {
		fmt.Fprintf(t, "%d more packages\tnone\t%s of %s\t100.0%%\tnot reached by the program\n", absent, size(0), size(absentBytes))
	}
	fmt.Fprintf(t, "total\t\t%s of %s\t%s\t\n", size(kept), size(total), percent(kept, total))
	if err := t.Flush(); err != nil {
		return err
	}
	for _, n := range r.Notes {
		if _, err := fmt.Fprintln(w, "note:", n); err != nil {
			return err
		}
	}
	return nil
}

func size(n int64) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }

func percent(kept, total int64) string {
	if total == 0 {
		return "0.0%"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(total-kept)/float64(total))
}

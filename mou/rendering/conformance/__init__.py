"""A PDF's bytes -> what a validator would find fault with, as PDF/A-3a (ISO 19005-3:2012) and PDF/UA-1 (ISO 14289-1:2014).

Each rule is a function with the number, name and clauses that stand here; the Matterhorn Protocol 1.1 numbers the failure
conditions of PDF/UA-1, and is cited as M where a rule is one of them. A file without a finding is *not* declared to conform:
the rules see what a program can see of the facts that our documents have, and a full validator has the last word.

 1. header and binary comment: A 6.1.2
 2. trailer identifier: A 6.1.3
 3. no encryption: A 6.1.3
 4. encryption lets screen readers in: UA 7.16; M 26-001, 26-002
 5. nothing after the end: A 6.1.3
 6. every revision is readable: A 6.1.7
 7. no external streams: A 6.1.7
 8. allowed filters: A 6.1.7
 9. implementation limits: A 6.1.13
10. permissions of the certification: A 6.1.12
11. signatures cover their revision: A 6.4.3
12. signatures hold one signer: A 6.4.3
13. embedded files name themselves: A 6.8; UA 7.11; M 21-001
14. embedded files are described: A 6.8
15. embedded files are associated: A 6.8
16. metadata are there: A 6.6.2.1; UA 7.1; M 06-001
17. metadata are well formed: A 6.6.2.1
18. metadata identify the archive level: A 6.6.4
19. metadata identify the access part: UA 5; M 06-002
20. metadata declare their properties: A 6.6.2.3
21. metadata give the title: UA 7.1; M 06-003
22. metadata agree with the information: A 6.6.3
23. content streams are known operators: A 6.2.2
24. content streams name their resources: A 6.2.2
25. output intent: A 6.2.3
26. colour profiles: A 6.2.4.2
27. device colours have their profile: A 6.2.4.3
28. graphics states: A 6.2.5
29. rendering intents: A 6.2.6
30. images: A 6.2.8
31. no postscript and opi: A 6.2.9
32. no reference xobjects: A 6.2.9; UA 7.20; M 30-001
33. blend modes: A 6.2.10
34. transparent pages name their colours: A 6.2.10
35. fonts are whole: A 6.2.11.2
36. fonts are embedded: A 6.2.11.4; UA 7.21.4.1; M 31-009
37. fonts map characters to glyphs: A 6.2.11.3; UA 7.21.3.2
38. fonts embed their encoding: A 6.2.11.3; UA 7.21.3.3
39. fonts have the glyphs shown: A 6.2.11.4; UA 7.21.4.1; M 31-011
40. widths are those of the font: A 6.2.11.5; UA 7.21.5; M 31-016
41. glyphs have text: A 6.2.11.7; UA 7.21.7; M 10-001, 31-027
42. glyphs have real text: A 6.2.11.7; UA 7.21.7; M 31-028, 31-029
43. private characters are explained: A 6.2.11.7
44. no missing glyph is shown: A 6.2.11.8; UA 7.21.8; M 31-030
45. annotations are of allowed types: A 6.3.1
46. no trap networks: UA 7.18.2; M 28-007
47. annotations are printed and not hidden: A 6.3.2
48. annotations have an appearance: A 6.3.3
49. fields have no actions: A 6.4.1
50. appearances are not made anew: A 6.4.1
51. no xfa form: A 6.4.2; UA 7.15
52. actions are allowed: A 6.5.1
53. no actions by themselves: A 6.5.2
54. layers have a name and no automatism: A 6.9; UA 7.10; M 20-001 to 20-003
55. annotations stand in the structure: UA 7.18.1; M 28-002, 28-010, 28-011
56. links and annotations are described: UA 7.18.5; M 28-004, 28-012
57. fields say what they are: UA 7.18.1; M 28-005
58. tabs follow the structure: UA 7.18.3; M 28-008, 28-009
59. document is marked: A 6.7.2; UA 7.1
60. tags are not suspect: UA 7.1; M 01-007
61. structure tree is there: A 6.7.3; UA 7.1
62. elements name their parent: A 6.7.3
63. marked content has its element: A 6.7.3; UA 7.1
64. everything drawn is marked: UA 7.1; M 01-005
65. artifacts and content are apart: UA 7.1; M 01-003, 01-004
66. tagged forms are drawn once: UA 7.20; M 30-002
67. language of the document: UA 7.2; M 11-001 to 11-006
68. languages are well formed: A 6.7.4; UA 7.2
69. title is shown: UA 7.1; M 07-001, 07-002
70. structure types are known: A 6.7.3; UA 7.1; M 02-001
71. role map is sound: UA 7.1; M 02-003, 02-004
72. figures have a text: UA 7.3; M 13-004
73. formulas have a text: UA 7.7; M 17-002
74. headings descend step by step: UA 7.4.2; M 14-002, 14-003
75. headings are of one kind: UA 7.4.4; M 14-006, 14-007
76. notes have an identifier: UA 7.9; M 19-003, 19-004
77. tables lists and contents are nested: UA 7.2; M 09-004 to 09-006
78. sections and captions stand in order: UA 7.2; M 09-004
79. table headers say what they head: UA 7.5; M 15-003
80. header references lead somewhere: UA 7.5
81. tables are regular: UA 7.2

Not looked at by any rule, because only a person or a full validator can: whether alternative texts say what is seen, whether
the order of reading makes sense, whether words of another language are marked as such, contrast, the inner soundness of font
programs and images, the types of values in the metadata, and operands of operators that have none of the colours, fonts and
marks above.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

from mou.rendering.conformance import (
    file_rules,
    font_rules,
    graphics_rules,
    interaction_rules,
    metadata_rules,
    nesting_rules,
    structure_rules,
)
from mou.rendering.conformance.inspection import Inspection
from mou.rendering.conformance.report import ConformanceReport, Fault, Finding, Observation, Rule, Standard, Unseen
from signatures.messages import MessageError, say
from signatures.revisions import findings as faults_of_bytes

__all__ = ["RULES", "ConformanceReport", "Finding", "Standard", "Unseen", "check_conformance"]

RULES: tuple[Rule, ...] = (
    *file_rules.RULES,
    *metadata_rules.RULES,
    *graphics_rules.RULES,
    *font_rules.RULES,
    *interaction_rules.RULES,
    *structure_rules.RULES,
    *nesting_rules.RULES,
)
# What an object of an unexpected shape raises when a rule looks at it.
_UNEXPECTED_SHAPE = (
    pikepdf.PdfError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    MessageError,
)


def check_conformance(pdf: bytes) -> ConformanceReport:
    """Return what the rules see in a file, signed or not; linear in its size.

    A file that cannot be opened is itself a finding, and everything else about it is not looked at.
    """
    try:
        with pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as opened:
            return _report(_observations(Inspection(pdf, opened)))
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return _report(iter(_unreadable(pdf)))


def _observations(inspection: Inspection) -> Iterator[tuple[int, Observation]]:
    """Yield what each rule sees, with its number; a rule that meets an unexpected object has not looked."""
    for number, rule in enumerate(RULES, start=1):
        try:
            yield from ((number, observation) for observation in rule.find(inspection))
        except _UNEXPECTED_SHAPE as error:
            cause = " ".join(str(error).split()) or type(error).__name__
            yield (
                number,
                Unseen(
                    say("rule {number}: an object has an unexpected shape ({cause})", number=number, cause=cause), say("the file")
                ),
            )


def _unreadable(pdf: bytes) -> list[tuple[int, Observation]]:
    number = next(number for number, rule in enumerate(RULES, start=1) if rule.find is file_rules.every_revision_is_readable)
    faults: list[tuple[int, Observation]] = [(number, Fault(message, say("the file"))) for message in faults_of_bytes(pdf)]
    if not faults:
        faults = [(number, Fault(say("a file that can be opened is expected"), say("the file")))]
    return [*faults, (number, Unseen(say("everything else: the file cannot be opened"), say("the file")))]


def _report(observations: Iterator[tuple[int, Observation]]) -> ConformanceReport:
    findings: list[Finding] = []
    unseen: list[Unseen] = []
    for number, seen in observations:
        if isinstance(seen, Unseen):
            unseen.append(seen)
        else:
            findings += (
                Finding(number, standard, clause, seen.message, seen.place) for standard, clause in RULES[number - 1].clauses
            )
    return ConformanceReport(len(RULES), tuple(findings), tuple(unseen))

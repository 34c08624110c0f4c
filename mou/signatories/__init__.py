"""The register of signatories of a charter (ทะเบียนผู้ลงนาม) as of any day: joined from what the depositary holds, written out."""

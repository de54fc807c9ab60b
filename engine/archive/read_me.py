"""README.txt of a package: what it holds and how anyone verifies it without us."""

from engine.archive.contents import Contents


def read_me(found: Contents) -> str:
    """The text, Vietnamese first."""
    proof = found.proof
    day = proof.root.day.isoformat() if proof else "-"
    line = proof.root.line() if proof else "-"
    return _TEXT.format(code=found.row.code, agency=found.row.agency_id, day=day, line=line)


_TEXT = """\
HỒ SƠ / DOSSIER {code}
CƠ QUAN / AGENCY {agency}

1. NỘI DUNG
data/dossier.json        thông tin hồ sơ, các bước, tạm dừng, thành phần, dữ liệu đã nhập
data/journal.jsonl       nhật ký: mỗi dòng là một sự kiện, đúng từng byte đã được niêm phong
data/journal-proof.json  mã cuối của chuỗi nhật ký và đường tới mã gốc của ngày
data/signatures.json     kết quả kiểm tra chữ ký số khi tài liệu được nhận
data/diagram.bpmn        phiên bản quy trình mà hồ sơ đã chạy
data/documents, data/forms  tài liệu và biểu mẫu đã phát hành
data/archival            ảnh và tệp PDF chưa phải PDF/A, làm thành PDF/A để lưu (bản gốc ở
                         data/documents). Trang PDF được vẽ lại thành ảnh, chữ vẫn tìm được; chữ ký
                         số chỉ có trong bản gốc. "no_archival_copy" nói vì sao không có bản này
"archival" trong dossier.json nói tệp là gì: khai PDF/A chỉ là lời khai, không phải xác nhận

2. TỰ KIỂM TRA
a) Tệp nguyên vẹn:        sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
   (chạy trong thư mục này sau khi giải nén)
b) Chuỗi nhật ký: mã đầu = SHA-256(16 byte của dossier_id); với mỗi dòng của journal.jsonl (không
   tính ký tự xuống dòng): mã mới = SHA-256(mã trước || dòng). Mã cuối phải bằng "head" trong
   journal-proof.json.
c) Mã gốc của ngày (RFC 6962): lá = SHA-256(00 || dossier_id 16 byte || số sự kiện 8 byte || mã của
   sự kiện đó); với mỗi cặp của "path": SHA-256(01 || trái || phải). Kết quả phải bằng sha256 trong
   dòng mã gốc, và dòng đó phải có trong tệp mã gốc cơ quan đã ký và công bố cho ngày {day}:
   {line}
   Dấu "-" nghĩa là lúc đóng gói chưa ngày nào kết thúc; đóng gói lại sau 0 giờ để có mã gốc.
d) Tài liệu: SHA-256 của tệp phải có trong nhật ký (các dòng document.*). Chữ ký số nằm ngay trong
   tệp PDF: mở bằng bất kỳ phần mềm kiểm tra PAdES nào.
e) Dữ liệu đã nhập: SHA-256 của từng "text" trong "entries" phải bằng giá trị trong sự kiện đó.
Tất cả các bước trên chạy bằng một lệnh:  python3 verify.py GÓI.zip --roots TỆP_ĐÃ_CÔNG_BỐ
Hãy dùng bản verify.py của chính mình: tệp trong gói có thể bị người làm giả gói sửa.

1. WHAT IS IN IT
data/dossier.json        facts, steps, pauses, components, what was entered
data/journal.jsonl       the journal: an event a line, the very bytes that were sealed
data/journal-proof.json  the head of the journal's chain, and the way to the root of a day
data/signatures.json     what was found of digital signatures when documents came in
data/diagram.bpmn        the version of the procedure that the dossier ran by
data/documents, data/forms  documents and issued forms
data/archival            pictures and PDF files that are not PDF/A, made so for keeping (originals:
                         data/documents). Pages of PDF files are drawn as pictures, their text is
                         still found; digital signatures are in the original alone.
                         "no_archival_copy" says why there is none
"archival" in dossier.json says what a file is: to declare PDF/A is not to be validated

2. VERIFY IT YOURSELF
a) Files are whole:       sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
   (in this folder, unpacked)
b) The chain: first hash = SHA-256(the 16 bytes of dossier_id); for each line of journal.jsonl
   without its line end: next hash = SHA-256(hash before || line). The last one is "head" in
   journal-proof.json.
c) The root of the day (RFC 6962): leaf = SHA-256(00 || dossier_id, 16 bytes || number of events, 8
   bytes || hash of that event); for each pair in "path": SHA-256(01 || left || right). The result
   is the sha256 in the line above, and that line stands in the file of roots that the agency
   signed and published for {day}. "-" means that no day was over when this was exported.
d) Documents: the SHA-256 of a file stands in the journal (lines document.*). Digital signatures are
   in the PDF files: open them with any software that verifies PAdES.
e) What was entered: the SHA-256 of each "text" in "entries" is the value in that event.
All of it with one command:  python3 verify.py PACKAGE.zip --roots PUBLISHED_FILE
Use a verify.py of your own: whoever forges a package can forge the one in it.
"""

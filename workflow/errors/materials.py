"""A material, or the file of one, cannot be taken (404, 409, 413, 415, 422, 503)."""

from __future__ import annotations

from workflow.errors.asking import BadInput
from workflow.errors.conflicts import Conflict
from workflow.errors.machinery import Unavailable
from workflow.errors.missing import NotFound


class FileRefused(BadInput):
    """The file was not taken: {reason}."""

    code = "file_refused"
    status = 422


class FileEmpty(FileRefused):
    """The file is empty."""

    code = "file_empty"


class FileTooLarge(FileRefused):
    """The file is larger than {limit} MB, which is the most that this material may have."""

    code = "file_too_large"
    status = 413


class FileKindRefused(FileRefused):
    """By its content the file is {found}; taken are only {accepted}."""

    code = "file_kind_refused"
    status = 415


class FileIsProgram(FileRefused):
    """The file is a program or a script, or carries one."""

    code = "file_is_program"
    status = 415


class FileIsMarkup(FileRefused):
    """The file carries HTML, SVG or XML, which a browser would run; send it as PDF."""

    code = "file_is_markup"
    status = 415


class FileIsActive(FileRefused):
    """The file acts when it is opened (macros, JavaScript, programs to be started); save it without them."""

    code = "file_is_active"


class FileIsTwoThings(FileRefused):
    """The file is of two kinds at once: something else stands before, inside or behind what it seems to be."""

    code = "file_is_two_things"


class FileBroken(FileRefused):
    """The file is damaged or has been cut off; save it again and send it anew."""

    code = "file_broken"


class FileEncrypted(FileRefused):
    """The file is encrypted or protected by a password; send it open."""

    code = "file_encrypted"


class FileIsBomb(FileRefused):
    """The file would unpack to far more than its size; it is not opened."""

    code = "file_is_bomb"


class NotStaged(Conflict):
    """No file {digest} lies ready for this case: it was never sent, or lay unused for over 24 hours; send it again."""

    code = "not_staged"


class MaterialRefused(Conflict):
    """The material {material} is {state} on this case; {action} (rule {rule}) takes {needed}."""

    code = "material_refused"


class UnknownMaterial(NotFound):
    """{matter} asks for no material {name!r}; it asks for {known}."""

    code = "unknown_material"


class NothingOffered(NotFound):
    """No other case of this applicant holds the material {name!r} in a version {version} that may be used again."""

    code = "nothing_offered"


class NoSuchVersion(NotFound):
    """The case has no file of the material {name!r} in version {version}."""

    code = "no_such_version"


class BlobsUnavailable(Unavailable):
    """The store of files cannot be used: {reason}."""

    code = "blobs_unavailable"


class BlobDamaged(BlobsUnavailable):
    """The file {digest} in the store is not what was handed in; restore it from a backup."""

    code = "blob_damaged"
    status = 500
